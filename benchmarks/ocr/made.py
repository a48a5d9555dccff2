"""Pages that are made of those whose text is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.ocr.truth import Truth

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN = 20


def mixed(pages: Sequence[Truth], count: int, folder: Path) -> list[Path]:
    """`count` pictures of sizes that hardly repeat: cuts of pages, scaled; the same ones in every run."""
    from PIL import Image

    chance = random.Random(4)
    folder.mkdir(exist_ok=True)
    sources = [page.path for page in pages if page.lines and page.pixels < 2_000_000]
    found = []
    for number in range(count):
        out = folder / f"{number:04}.png"
        found.append(out)
        with Image.open(chance.choice(sources)) as opened:
            page = opened.convert("RGB")
        width, height = (round(side * chance.uniform(0.3, 1)) for side in page.size)
        left, top = chance.randint(0, page.width - width), chance.randint(0, page.height - height)
        scale = chance.uniform(0.6, 1.8)
        size = max(round(width * scale), 16), max(round(height * scale), 16)
        page.crop((left, top, left + width, top + height)).resize(size, Image.Resampling.BILINEAR).save(out)
    return found


def sheet(block: Image, pixels: int, out: Path) -> Path:
    """A page of about so many pixels, full of the block at its own size, cut where the page ends: equally dense."""
    from PIL import Image

    width = round((pixels * 4 / 3) ** 0.5)
    page = Image.new("L", (width, pixels // width), 255)
    for top in range(MARGIN, page.height, block.height + MARGIN):
        for left in range(MARGIN, page.width, block.width + MARGIN):
            page.paste(block, (left, top))
    page.save(out)
    return out
