"""`python -m benchmarks ocr-scaling`: pages from 0.1 to 40 megapixels, equally dense. About three minutes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.goals import Row, at_most
from benchmarks.ocr.bundles import ppocrv4
from benchmarks.ocr.made import sheet
from benchmarks.ocr.truth import truths
from benchmarks.peers.reading import Who, reading

MEGAPIXELS = (0.1, 0.4, 1, 4, 10, 40)
BASE = 1
"""Megapixels of the page that larger ones are compared with: below it what a page costs at least is seen."""
BUDGET, NEAR = 600, 1.15
ROUNDS = 3
BLOCK = "phototest.png"


def rows(folder: Path) -> Iterator[Row]:
    """Seconds per pixel of a page over those of one megapixel; peak memory of all."""
    from PIL import Image

    page = next(page for page in truths() if page.name == BLOCK)
    with Image.open(page.path) as opened:
        block = opened.convert("L")
    block = block.crop(block.point(lambda value: 255 - value).getbbox())
    seconds: dict[float, float] = {}
    for mega in MEGAPIXELS:
        path = sheet(block, round(mega * 1e6), folder / f"{mega}.png")
        with reading(Who("edge", ppocrv4(folder))) as reader:
            found = [reader.read([path]) for _ in range(ROUNDS)]
        seconds[mega] = statistics.median(one.seconds for one in found)
        peak = found[-1].peak / (1 << 20)
        lines = len(found[-1].lines[0])
        title = f"{mega:g} megapixels, {lines} lines in {seconds[mega]:.2f} s: peak memory"
        yield at_most(title, peak, BUDGET, " MiB")
    for mega in MEGAPIXELS:
        if mega > BASE:
            ratio = seconds[mega] / seconds[BASE] * BASE / mega
            yield at_most(f"{mega:g} megapixels, seconds per pixel over those at {BASE:g}", ratio, NEAR)
