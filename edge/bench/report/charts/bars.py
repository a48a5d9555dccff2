"""Times beside one another: horizontal bars with their names and values."""

from __future__ import annotations

from collections.abc import Sequence

from edge.bench.report.charts.frame import box, svg, words
from edge.bench.report.markup import Markup

ROW = 26.0
NAMES = 110.0
VALUES = 78.0
"""Pixels for names on the left, and for values behind the longest bar."""


def bars(rows: Sequence[tuple[str, float, str]], width: float, says: str) -> Markup:
    """Of (name, length, what is written behind it); lengths are at least 0, in one unit."""
    longest = max((length for _, length, _ in rows), default=0.0) or 1.0
    room = width - NAMES - VALUES
    drawn: list[Markup] = []
    for place, (name, length, said) in enumerate(rows):
        top = place * ROW + 4
        end = NAMES + max(length / longest * room, 1.0)
        drawn += [
            words(NAMES - 8, top + 13, name, text_anchor="end"),
            box(NAMES, top, end, top + ROW - 8, class_="bar"),
            words(end + 6, top + 13, said, class_="strong"),
        ]
    return svg(width, ROW * len(rows) + 4, says, *drawn, class_="chart")
