"""From what was found and read to a page: lines in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge.results import Line, Page, Point
from edge.tasks.ocr.crops import turned
from edge.tasks.ocr.finder import Found, Read
from edge.tasks.ocr.layout import arrange
from edge.tasks.ocr.line_reader import LineReading
from edge.tasks.ocr.scripts import is_wide
from edge.tasks.ocr.stacked import stacked


def assembled(found: Found, readings: Sequence[LineReading], least_score: float, quick: Read) -> Page:
    """The page, without lines that say nothing or have less than `least_score`; `quick` reads what is in doubt."""
    read = [one.reading for one in readings]
    kept = [number for number, one in enumerate(read) if one.text.strip() and one.score >= least_score]
    way = (found.turned + 180 * _over(found, readings, kept)) % 360
    upright = stacked(found, read, quick)
    if upright:  # it is its text that runs down, not the page that is turned
        way = (way - 90) % 360
    lines, paragraphs = arrange([_line(found, number, readings[number], upright) for number in kept])
    return Page(width=found.width, height=found.height, turned=way, lines=lines, paragraphs=paragraphs)


def _over(found: Found, readings: Sequence[LineReading], kept: Sequence[int]) -> bool:
    """Whether most characters were read upside down."""
    votes = [len(readings[number].reading.text) * (1 if readings[number].turned else -1) for number in kept]
    return sum(vote for number, vote in zip(kept, votes, strict=True) if not found.tall[number]) > 0


def _line(found: Found, number: int, read: LineReading, upright: bool) -> Line:
    vertical = found.tall[number] != upright and not read.turned and is_wide(read.reading.text)
    corners = turned(found.corners[number], 270 if vertical else read.turned)
    return Line(
        text=read.reading.text,
        score=read.reading.score,
        box=_points(corners),
        scores=read.reading.scores,
        places=read.reading.places,
        vertical=vertical,
    )


def _points(corners: NDArray[np.float32]) -> tuple[Point, Point, Point, Point]:
    first, second, third, fourth = ((float(x), float(y)) for x, y in corners)
    return first, second, third, fourth
