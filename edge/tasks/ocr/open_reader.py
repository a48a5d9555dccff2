"""From a bundle's stages to a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from edge.bundle import Bundle
from edge.engines import engine_entry
from edge.errors import BundleError
from edge.machine import usable_cpus
from edge.manifest import Artifact
from edge.model import Model, Opened, Start
from edge.tasks.ocr.characters import read_characters
from edge.tasks.ocr.detection import open_detector
from edge.tasks.ocr.finder import Finder
from edge.tasks.ocr.line_reader import LineReader
from edge.tasks.ocr.line_turner import open_line_turner
from edge.tasks.ocr.lines_of_pages import LinesOfPages
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.options import DETECT, RECOGNISE, TURN_LINE, TURN_PAGE, Ctc, LineInput, options_of
from edge.tasks.ocr.page_turner import open_page_turner
from edge.tasks.ocr.reader import Networks, Reader
from edge.tasks.ocr.recogniser import open_recogniser, shares

STAGES = (DETECT, TURN_PAGE, TURN_LINE, RECOGNISE)


def open_ocr(bundle: Bundle, max_pixels: int | None = None) -> Opened:
    """Raises BundleError where the bundle has other stages than those of OCR, or steps that do not fit."""
    stages = {stage.name: stage for stage in bundle.manifest.stages}
    missing, strange = {DETECT, RECOGNISE} - stages.keys(), stages.keys() - set(STAGES)
    if missing or strange:
        raise BundleError(
            f"{bundle.path.name} has the stages {', '.join(stages)}, for OCR they are {', '.join(STAGES)}",
            remedy="update edgepack, or build it again",
        )
    ctc, line_input = options_of(stages[RECOGNISE], Ctc), options_of(stages[RECOGNISE], LineInput)
    read_characters(bundle, ctc)

    def opened(artifacts: Mapping[str, Artifact], start: Start, threads: int | None) -> Model:
        count = threads or usable_cpus()
        # Where an engine runs one thing at a time, its own threads are all that there is.
        beside = 1 if all(engine_entry(one.engine).concurrent for one in artifacts.values()) else count
        # A page's features take a hundred megabytes, lines a tenth of that, and far more often.
        sessions = {name: start(stage, beside, spare=name == DETECT) for name, stage in stages.items()}
        turner = open_page_turner(stages[TURN_PAGE], sessions[TURN_PAGE]) if TURN_PAGE in stages else None

        def line_reader() -> LineReader:
            recogniser = open_recogniser(stages[RECOGNISE], sessions[RECOGNISE], bundle)
            turns = open_line_turner(stages[TURN_LINE], sessions[TURN_LINE]) if TURN_LINE in stages else None
            return LineReader(recogniser, turns)

        def plan(pictures: Sequence[Pixels]) -> list[tuple[int, ...]]:
            return shares(pictures, line_input)

        size = count if beside == 1 else 1
        workers = ThreadPoolExecutor(size, thread_name_prefix="ocr")
        networks = Networks(
            finder=Finder(open_detector(stages[DETECT], sessions[DETECT]), turner),
            lines=LinesOfPages(workers, line_reader, plan),
            least_score=ctc.least_score,
            sessions=tuple(sessions[name] for name in STAGES if name in sessions),
        )
        return Reader(bundle, artifacts[DETECT], networks, workers, size * sessions[DETECT].threads, max_pixels)

    return opened
