"""Points with names and intervals, and the line that no point beats: accuracy against latency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edge.bench.report.charts.axis import Axis, linear
from edge.bench.report.charts.frame import LETTER, Frame, dots, line, path, svg, words
from edge.bench.report.markup import Markup

HEIGHT = 320.0


@dataclass(frozen=True)
class Point:
    """A latency, from `low` to `high`, and what is gained for it, from `floor` to `top`."""

    name: str
    x: float
    y: float
    low: float
    high: float
    floor: float
    top: float


def pareto_front(points: Sequence[Point], *, more_is_better: bool) -> list[Point]:
    """The points that no other beats in both, by rising latency."""
    front: list[Point] = []
    sign = 1.0 if more_is_better else -1.0
    for point in sorted(points, key=lambda point: (point.x, -sign * point.y)):
        if not front or sign * point.y > sign * front[-1].y:
            front.append(point)
    return front


def scatter(
    points: Sequence[Point],
    y_title: str,
    width: float,
    says: str,
    *,
    more_is_better: bool,
    x_title: str = "median latency (ms)",
) -> Markup:
    """All points, those of the front joined by steps and named in bold."""
    x = linear(x_title, [end for point in points for end in (point.low, point.high)], zero=True)
    y = _padded(linear(y_title, [end for point in points for end in (point.floor, point.top)]))
    frame = Frame(width, HEIGHT, x, y)
    front = pareto_front(points, more_is_better=more_is_better)
    return svg(
        width,
        HEIGHT,
        says,
        frame.draw(_steps(frame, front), *_marks(frame, points, front), *_names(frame, points, front)),
        class_="chart",
    )


def _padded(axis: Axis) -> Axis:
    """Half a step more on both ends, so that no point lies on the frame."""
    step = (axis.high - axis.low) / max(len(axis.ticks) - 1, 1) / 2
    return Axis(axis.title, axis.low - step, axis.high + step, axis.ticks)


def _steps(frame: Frame, front: Sequence[Point]) -> Markup:
    corners: list[tuple[float, float]] = []
    for point in front:
        at = frame.across(point.x)
        corners += [(at, corners[-1][1])] if corners else []
        corners.append((at, frame.down(point.y)))
    corners.append((frame.right, corners[-1][1]))
    return path(corners, class_="line front")


def _marks(frame: Frame, points: Sequence[Point], front: Sequence[Point]) -> Iterator[Markup]:
    for point in points:
        at, level = frame.across(point.x), frame.down(point.y)
        yield line(frame.across(point.low), level, frame.across(point.high), level, class_="whisker")
        yield line(at, frame.down(point.floor), at, frame.down(point.top), class_="whisker")
        yield dots([(at, level)], class_="point" if point in front else "point beaten")


def _names(frame: Frame, points: Sequence[Point], front: Sequence[Point]) -> Iterator[Markup]:
    """Right of the point, or left where the chart ends; moved down until it covers no other name."""
    taken: list[tuple[float, float, float]] = []
    for point in sorted(points, key=lambda point: frame.down(point.y)):
        wide = len(point.name) * LETTER * 0.92
        at, level = frame.across(point.x) + 8, frame.down(point.y) - 6
        if at + wide > frame.right:
            at = max(frame.across(point.x) - 8 - wide, frame.left)
        while any(abs(level - other) < 13 and at < end and start < at + wide for start, end, other in taken):
            level += 13
        taken.append((at, at + wide, level))
        yield words(at, level, point.name, class_="strong" if point in front else None)
