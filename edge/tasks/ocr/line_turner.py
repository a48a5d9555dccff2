"""The stage `turn-line`: which lines are upside down."""

from __future__ import annotations

from collections.abc import Sequence

from edge.engines import Session
from edge.errors import BundleError
from edge.manifest import Stage
from edge.tasks.ocr.batches import batches
from edge.tasks.ocr.line_pixels import LinePixels
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.options import LineInput, Turns, options_of

__all__ = ["LineTurner", "open_line_turner"]

ROOM = 4 * 192


class LineTurner:
    """Tells by how much lines are turned. Use it from one thread at a time: its buffers are used again."""

    def __init__(self, session: Session, lines: LineInput, turns: Turns) -> None:
        """Raises BundleError where the network does not tell these turns of one line."""
        if len(session.inputs) != 1 or len(session.outputs) != 1 or len(session.outputs[0].shape) != 2:
            raise BundleError("the stage turn-line has no input (lines, 3, height, width) and output (lines, turns)")
        classes = session.outputs[0].shape[1]
        if classes != len(turns.degrees) or not set(turns.degrees) <= {0, 180}:
            raise BundleError(f"the stage turn-line tells {classes} turns, its step {list(turns.degrees)} degrees")
        self._session, self._input, self._output = session, session.inputs[0].name, session.outputs[0].name
        self._widths, self._turns = lines.widths, turns
        self._pixels = LinePixels(lines)

    def __call__(self, crops: Sequence[Pixels]) -> list[int]:
        """For each picture of a line the degrees, 0 or 180, by which its text is turned clockwise; 0 where unsure."""
        parts = [
            self._pixels.squeezed(number, self._pixels.width(*crop.shape[:2])) for number, crop in enumerate(crops)
        ]
        found = [0] * len(crops)
        for batch in batches([part.width for part in parts], self._widths, ROOM):
            members = [parts[number] for number in batch.members]
            values = self._pixels.batch([crops[part.line] for part in members], members, batch.width)
            scores = self._session.run({self._input: values})[self._output]
            for part, row in zip(members, scores, strict=True):
                if row.max() >= self._turns.least:
                    found[part.line] = self._turns.degrees[int(row.argmax())]
        return found


def open_line_turner(stage: Stage, session: Session) -> LineTurner:
    """The turner of a stage with the steps `line` and `turns`; raises BundleError where they do not fit."""
    return LineTurner(session, options_of(stage, LineInput), options_of(stage, Turns))
