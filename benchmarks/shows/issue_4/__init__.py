"""Reading text on pages, and many inputs as one task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.ocr_peers import PARTS
from benchmarks.shows.issue_4 import demo, kills, promises, watch_kills
from benchmarks.shows.show import Show


def _part(name: str) -> Callable[[Path], Iterator[Row]]:
    """A suite, with what it makes (the bundles above all) in the folder that all items share."""
    return lambda folder: PARTS[name](folder.parent)


SHOWS = (
    Show(1, "accuracy beside other readers", _part("ocr-accuracy")),
    Show(2, "pages per second beside other readers", _part("ocr-batch")),
    Show(3, "page by page beside RapidOCR", _part("ocr-single")),
    Show(4, "memory and start beside RapidOCR", _part("ocr-memory")),
    Show(5, "pages from 0.1 to 40 megapixels", _part("ocr-scaling")),
    Show(6, "the same text by Paddle Lite", _part("ocr-lite")),
    Show(7, "kills of a batch", kills.run),
    Show(8, "kills of a batch that watches a folder", watch_kills.run),
    Show(9, "bad images, and forms of results", promises.run),
    Show(10, "make demo", demo.run),
)
