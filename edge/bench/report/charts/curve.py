"""One quantity over another as a line, with a bound where there is one: memory over inputs, latency over rates."""

from __future__ import annotations

from collections.abc import Sequence

from edge.bench.report.charts.axis import Axis
from edge.bench.report.charts.frame import Frame, dots, line, path, svg, words
from edge.bench.report.markup import Markup

HEIGHT = 200.0


def curve(
    x: Axis, y: Axis, points: Sequence[tuple[float, float]], width: float, says: str, *, bound: tuple[str, float] | None
) -> Markup:
    """Points by rising x; `bound` is a level with its name."""
    frame = Frame(width, HEIGHT, x, y)
    placed = [(frame.across(a), frame.down(b)) for a, b in points]
    marks = [path(placed, class_="line")] if len(placed) > 1 else []
    if len(placed) < 60:
        marks.append(dots(placed, class_="point"))
    if bound is not None:
        level = frame.down(bound[1])
        marks += [
            line(frame.left, level, frame.right, level, class_="mark"),
            words(frame.right, level - 4, bound[0], class_="strong", text_anchor="end"),
        ]
    return svg(width, HEIGHT, says, frame.draw(*marks), class_="chart")
