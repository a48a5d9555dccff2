"""Reading text on pages, in parts: each is a suite of `python -m benchmarks`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.ocr import accuracy, lite, memory, scaling, speed

PARTS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "ocr-accuracy": accuracy.rows,
    "ocr-batch": speed.batch,
    "ocr-single": speed.single,
    "ocr-memory": memory.rows,
    "ocr-scaling": scaling.rows,
    "ocr-lite": lite.rows,
}
