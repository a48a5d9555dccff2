"""Documents made by hand: lines drawn on pages, with their boxes as a perfect reader would give them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from edge.formats import Reading
from edge.preprocess.images import Picture
from edge.results import Document, Line, Page, Point

LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
CHINESE = Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
"""Fonts that .ci/setup-system installs."""


def box(
    left: float, top: float, width: float, height: float, degrees: float = 0.0
) -> tuple[Point, Point, Point, Point]:
    """Corners clockwise from the top left, turned clockwise about that one."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    first, second, third, fourth = ((left + x * cos - y * sin, top + x * sin + y * cos) for x, y in corners)
    return first, second, third, fourth


def line(text: str, left: float, top: float, width: float, height: float, *, vertical: bool = False) -> Line:
    """A line whose characters are equally wide, the first as sure as can be, those after it a little less each."""
    count = len(text)
    scores = tuple(1 - 0.01 * number for number in range(count))
    places = tuple((number + 0.5) / count for number in range(count))
    score = sum(scores) / count if count else 0.0
    return Line(text, score, box(left, top, width, height), scores, places, vertical)


def drawn(image: Image.Image, text: str, left: int, top: int, size: int, font: Path = LATIN) -> Line:
    """Draw a text and give the line that it is, with the true place of every character."""
    face = ImageFont.truetype(font, size)
    ImageDraw.Draw(image).text((left, top), text, "black", face)
    length = face.getlength(text)
    edges = [face.getlength(text[:number]) / length for number in range(len(text) + 1)]
    places = tuple((one + other) / 2 for one, other in pairwise(edges))
    return Line(text, 0.9, box(left, top, length, size * 1.2), (0.9,) * len(text), places)


def page(width: int, height: int, lines: Sequence[Line], turned: int = 0) -> Page:
    """A page with a paragraph for every line."""
    return Page(width, height, turned, tuple(lines), tuple((number,) for number in range(len(lines))))


def reading(pages: Sequence[Page], name: str = "scan.png", images: Sequence[Image.Image] = ()) -> Reading:
    """What was read of a file `name`; its pictures are white where no images are given."""

    def pictures() -> Iterator[Picture]:
        for number, one in enumerate(pages):
            yield Picture(images[number] if images else Image.new("RGB", (one.width, one.height), "white"))

    return Reading(name, Document(tuple(pages)), pictures)
