"""The stage `recognise`: pictures of lines to their text."""

from __future__ import annotations

from collections.abc import Sequence

from edge.bundle import Bundle
from edge.engines import Session
from edge.errors import BundleError
from edge.manifest import Stage
from edge.tasks.ocr.batches import batches
from edge.tasks.ocr.characters import read_characters
from edge.tasks.ocr.ctc import Decoder, Reading
from edge.tasks.ocr.line_pixels import LinePixels
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.options import Ctc, LineInput, options_of
from edge.tasks.ocr.steps import Steps, joined, likeliest

__all__ = ["Reading", "Recogniser", "open_recogniser", "shares"]

ROOM = 640
"""The width in pixels of a batch: more lines at once are no faster, their tensors leave the processor's caches."""


class Recogniser:
    """Reads lines. Use it from one thread at a time: its buffers are used again."""

    def __init__(self, session: Session, lines: LineInput, ctc: Ctc, characters: Sequence[str]) -> None:
        """`characters` has one entry for each class; raises BundleError where the network has another number."""
        if len(session.inputs) != 1 or len(session.outputs) != 1 or len(session.outputs[0].shape) != 3:
            raise BundleError(
                "the stage recognise has no input (lines, 3, height, width), output (lines, steps, classes)"
            )
        classes = session.outputs[0].shape[2]
        if isinstance(classes, int) and classes != len(characters):
            raise BundleError(f"the network knows {classes} classes, {ctc.file} gives {len(characters)}")
        self._session, self._input, self._output = session, session.inputs[0].name, session.outputs[0].name
        self._widths, self._decoder = lines.widths, Decoder(characters, ctc.blank, ctc.faint_space)
        self._pixels = LinePixels(lines)

    def __call__(self, crops: Sequence[Pixels]) -> list[Reading]:
        """A reading for each picture of a line, uint8 (height, width, 3) RGB of any size, upright."""
        widths = [self._pixels.width(*crop.shape[:2]) for crop in crops]
        parts = [part for line, width in enumerate(widths) for part in self._pixels.parts(line, width)]
        steps: list[list[Steps]] = [[] for _ in crops]
        found: dict[int, Steps] = {}
        for batch in batches([part.width for part in parts], self._widths, ROOM):
            members = [parts[number] for number in batch.members]
            values = self._pixels.batch([crops[part.line] for part in members], members, batch.width)
            output = self._session.run({self._input: values})[self._output]
            for number, part, row in zip(batch.members, members, output, strict=True):
                found[number] = likeliest(row, batch.width, part.start, self._decoder.space)
        for number, part in enumerate(parts):
            steps[part.line].append(found[number])
        blank = self._decoder.blank
        return [self._decoder(joined(line, blank), width) for line, width in zip(steps, widths, strict=True)]


def shares(crops: Sequence[Pixels], lines: LineInput) -> list[tuple[int, ...]]:
    """The pictures that one call of the network takes, by their place; what takes long is first, to be begun early."""
    pixels = LinePixels(lines)
    planned = batches([pixels.width(*crop.shape[:2]) for crop in crops], lines.widths, ROOM)
    return [batch.members for batch in sorted(planned, key=lambda batch: -batch.pixels)]


def open_recogniser(stage: Stage, session: Session, bundle: Bundle) -> Recogniser:
    """The recogniser of a stage with the steps `line` and `ctc`; raises BundleError where they do not fit."""
    ctc = options_of(stage, Ctc)
    return Recogniser(session, options_of(stage, LineInput), ctc, read_characters(bundle, ctc))
