"""`python -m benchmarks.shows 2 1`: every architecture of the table, measured afresh.

A run that gave every type its row renews docs/coverage.json and docs/coverage.md.
"""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.commands import BIN
from benchmarks.goals import Row, at_most, equal
from benchmarks.places import ROOT
from packager.coverage.row import Row as Type
from packager.coverage.table import read_table, write_table
from packager.coverage.types import TYPES

JOBS = 2
DETECTORS_AND_RECOGNISERS = ("text-detection", "text-recognition")
OCR = (*DETECTORS_AND_RECOGNISERS, "image-to-text", "tensors")


def run(folder: Path) -> Iterator[Row]:
    """Run all and count. Progress goes to standard error, a line for each type."""
    subprocess.run(
        [BIN / "packager", "coverage", "-o", folder, "--jobs", str(JOBS)], stdout=subprocess.DEVNULL, check=True
    )
    table = read_table(folder)
    images, texts, ocr, readers = (
        [row for row in table.rows if row.task in tasks]
        for tasks in (("image-classification",), ("text-classification",), OCR, DETECTORS_AND_RECOGNISERS)
    )
    yield _enough("image classifiers on ONNX", images, "onnx", 37)
    yield _enough("image classifiers on Lite x86", images, "lite_x86", 34)
    yield _enough("texts on ONNX, 92%", texts, "onnx", math.ceil(0.92 * len(texts)))
    yield _enough("texts on Lite x86, 75%", texts, "lite_x86", math.ceil(0.75 * len(texts)))
    yield _enough("OCR on ONNX, all", ocr, "onnx", len(ocr))
    yield _enough("detectors and recognisers of text on Lite x86, all", readers, "lite_x86", len(readers))
    yield _enough("the same made for Lite arm, all", readers, "lite_arm", len(readers))
    yield equal("types with a row", len(table.rows), len(TYPES))
    if table.run:
        yield at_most(f"the whole run, {JOBS} at a time", table.run.seconds / 60, 60, " min")
        yield at_most("memory of all its processes at a time", table.run.memory_bytes / 1e9, 8, " GB")
        write_table(ROOT / "docs", table)


def _enough(what: str, rows: Sequence[Type], column: str, least: int) -> Row:
    lacking = [row.name for row in rows if not getattr(row, column).good]
    good = len(rows) - len(lacking)
    figure = f"{good} of {len(rows)}" + (f"; not {', '.join(lacking)}" if lacking else "")
    return Row(f"{what} >= {least}", figure, bool(rows) and good >= least, good)
