"""Medians with their intervals, one row each, on one axis."""

from __future__ import annotations

from collections.abc import Sequence

from edge.bench.report.charts.axis import Axis, linear
from edge.bench.report.charts.frame import TITLE, Frame, dots, line, svg, words
from edge.bench.report.charts.scatter import Point
from edge.bench.report.markup import Markup

ROW = 24.0
TICKS = 36.0


def whiskers(points: Sequence[Point], width: float, says: str, title: str = "median latency (ms)") -> Markup:
    """The points' `x` from `low` to `high`, named on the left; the axis begins at 0, so that lengths compare."""
    x = linear(title, [end for point in points for end in (point.low, point.high)], zero=True)
    height = TITLE + ROW * len(points) + TICKS
    frame = Frame(width, height, x, Axis("", 0.0, 1.0, ()))
    drawn: list[Markup] = []
    for place, point in enumerate(points):
        level = TITLE + ROW * (place + 0.5)
        drawn += [
            words(frame.left - 8, level + 4, point.name, class_="strong", text_anchor="end"),
            line(frame.left, level, frame.right, level, class_="grid"),
            line(frame.across(point.low), level, frame.across(point.high), level, class_="whisker"),
            dots([(frame.across(point.x), level)], class_="point"),
        ]
    return svg(width, height, says, frame.draw(*drawn), class_="chart")
