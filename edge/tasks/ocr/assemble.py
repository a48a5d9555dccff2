"""From what was found and read to a page: lines in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from edge.results import Line, Page, Point
from edge.tasks.ocr.crops import turned
from edge.tasks.ocr.finder import Found
from edge.tasks.ocr.line_reader import LineReading

Place = Callable[[float, float], Point]

WIDE = (("\u2e80", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""First and last characters of the scripts that may be written from top to bottom."""


def assembled(found: Found, readings: Sequence[LineReading], least_score: float) -> Page:
    """The page, without lines that say nothing or have less than `least_score`."""
    read = [one.reading for one in readings]
    kept = [number for number, one in enumerate(read) if one.text.strip() and one.score >= least_score]
    way = (found.turned + 180 * _over(found, readings, kept)) % 360
    there, back = _upright(way, found.width, found.height)
    size = (found.width, found.height) if way % 180 == 0 else (found.height, found.width)
    lines, paragraphs = arrange([_line(found, number, readings[number], there) for number in kept], *size)
    return Page(
        width=found.width,
        height=found.height,
        turned=way,
        lines=tuple(replace(line, box=_moved(line.box, back)) for line in lines),
        paragraphs=paragraphs,
    )


def arrange(lines: Sequence[Line], _width: int, _height: int) -> tuple[list[Line], tuple[tuple[int, ...], ...]]:
    """From top to bottom, from left to right; each a paragraph."""
    ordered = sorted(lines, key=lambda line: (line.box[0][1] + line.box[2][1], line.box[0][0]))
    return ordered, tuple((number,) for number in range(len(ordered)))


def _over(found: Found, readings: Sequence[LineReading], kept: Sequence[int]) -> bool:
    """Whether most characters were read upside down."""
    votes = [len(readings[number].reading.text) * (1 if readings[number].turned else -1) for number in kept]
    return sum(vote for number, vote in zip(kept, votes, strict=True) if not found.tall[number]) > 0


def _line(found: Found, number: int, read: LineReading, there: Place) -> Line:
    """With a box on the upright page."""
    vertical = found.tall[number] and not read.turned and _is_wide(read.reading.text)
    corners = turned(found.corners[number], 270 if vertical else read.turned)
    return Line(
        text=read.reading.text,
        score=read.reading.score,
        box=_moved(_points(corners), there),
        scores=read.reading.scores,
        places=read.reading.places,
        vertical=vertical,
    )


def _is_wide(text: str) -> bool:
    wide = sum(any(first <= one <= last for first, last in WIDE) for one in text)
    return 2 * wide > len(text)


def _points(corners: NDArray[np.float32]) -> tuple[Point, Point, Point, Point]:
    first, second, third, fourth = ((float(x), float(y)) for x, y in corners)
    return first, second, third, fourth


def _moved(box: tuple[Point, Point, Point, Point], place: Place) -> tuple[Point, Point, Point, Point]:
    first, second, third, fourth = (place(*point) for point in box)
    return first, second, third, fourth


def _upright(way: int, width: int, height: int) -> tuple[Place, Place]:
    """From a page whose content is turned clockwise by `way` to the upright one, and back."""
    if way == 90:
        return lambda x, y: (y, width - x), lambda x, y: (width - y, x)
    if way == 180:
        return lambda x, y: (width - x, height - y), lambda x, y: (width - x, height - y)
    if way == 270:
        return lambda x, y: (height - y, x), lambda x, y: (y, height - x)
    return lambda x, y: (x, y), lambda x, y: (x, y)
