"""Where the words of a line are on the page.

Words end where spaces begin. In a script without spaces, a line is one word.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from edge.results import Line, Page, Point

Quad = tuple[Point, Point, Point, Point]
Rectangle = tuple[int, int, int, int]
_NO_TEXT = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})


@dataclass(frozen=True)
class Word:
    """Characters without a space between them, and the part of the line that they take: from `start` to `end`, 0 to 1.

    `box` is clockwise from the top left of the text; `scores` has one entry for each code point, or none.
    """

    text: str
    score: float
    scores: tuple[float, ...]
    start: float
    end: float
    box: Quad


def words(line: Line) -> list[Word]:
    """The words of a line in order; none for a line of spaces."""
    borders = line.edges
    scores = line.scores if len(line.scores) == len(line.text) else ()
    found = []
    for first, last in _runs(line.text):
        start, end = borders[first], borders[last]
        own = scores[first:last]
        score = sum(own) / len(own) if own else line.score
        found.append(Word(plain(line.text[first:last]), score, own, start, end, part(line, start, end)))
    return found


def part(line: Line, start: float, end: float) -> Quad:
    """The corners of the part of a line's box from `start` to `end`, clockwise from the top left of the text."""
    first, second, third, fourth = line.box
    if line.vertical:
        return _at(first, fourth, start), _at(second, third, start), _at(second, third, end), _at(first, fourth, end)
    return _at(first, second, start), _at(first, second, end), _at(fourth, third, end), _at(fourth, third, start)


def upright(points: Sequence[Point], page: Page) -> Rectangle:
    """Left, top, right and bottom in whole pixels of the upright rectangle around points, within the page."""
    across, down = [x for x, _ in points], [y for _, y in points]
    left, right = (min(max(x, 0), page.width) for x in (math.floor(min(across)), math.ceil(max(across))))
    top, bottom = (min(max(y, 0), page.height) for y in (math.floor(min(down)), math.ceil(max(down))))
    return left, top, right, bottom


def paragraphs(page: Page) -> list[list[Line]]:
    """The page's lines by paragraph; where it has none, each line by itself."""
    return [[page.lines[number] for number in one] for one in page.paragraphs] or [[line] for line in page.lines]


def plain(text: str) -> str:
    """The text without what XML or a line of a table cannot hold: control characters, halves of pairs, line ends."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(one) in _NO_TEXT else one for one in text)


def _runs(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for number, letter in enumerate([*text, " "]):
        if letter.isspace():
            if number > start:
                found.append((start, number))
            start = number + 1
    return found


def _at(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
