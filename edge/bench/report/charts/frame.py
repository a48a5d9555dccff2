"""The frame of a chart: grid, ticks, titles of both axes, and from values to pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edge.bench.report.charts.axis import Axis
from edge.bench.report.markup import Markup, join, number, tag

TITLE = 18
"""Pixels above the plot for the title of the vertical axis, which is written across: sideways it is hard to read."""

LETTER = 7.0
"""Pixels that a letter takes at most, at the 12 pixels that text in a chart has."""


@dataclass(frozen=True)
class Frame:
    """A chart of `width` times `height` pixels that begins at `top`; its `head` is above the highest value."""

    width: float
    height: float
    x: Axis
    y: Axis
    top: float = 0.0
    head: float = TITLE
    bottom_ticks: bool = True

    @property
    def left(self) -> float:
        """Pixels to the left of the plot; the same for charts above one another, so that their times agree."""
        return 46.0

    @property
    def right(self) -> float:
        """Where the plot ends; half of the last tick's label needs room beyond."""
        return self.width - 14.0

    @property
    def bottom(self) -> float:
        """Where the plot ends downwards."""
        return self.top + self.height - (36.0 if self.bottom_ticks else 14.0)

    def across(self, value: float) -> float:
        """The pixel of a value on the horizontal axis."""
        return self.left + self.x.share(value) * (self.right - self.left)

    def down(self, value: float) -> float:
        """The pixel of a value on the vertical axis."""
        return self.bottom - self.y.share(value) * (self.bottom - self.top - self.head)

    def draw(self, *marks: Markup) -> Markup:
        """Grid and labels with the marks on top of the grid."""
        return join(*self._grid(), *marks, *self._labels())

    def _grid(self) -> Iterator[Markup]:
        for value, _ in self.y.ticks:
            yield line(self.left, self.down(value), self.right, self.down(value), class_="grid")
        yield line(self.left, self.bottom, self.right, self.bottom, class_="axis")
        if self.bottom_ticks:
            for value, _ in self.x.ticks:
                yield line(self.across(value), self.bottom, self.across(value), self.bottom + 4, class_="axis")

    def _labels(self) -> Iterator[Markup]:
        yield words(0, self.top + 10, self.y.title, class_="title")
        for value, said in self.y.ticks:
            yield words(self.left - 6, self.down(value) + 4, said, text_anchor="end")
        if self.bottom_ticks:
            room = self.right
            for value, said in reversed(self.x.ticks):
                half = len(said) * LETTER / 2
                if self.across(value) + half <= room + half:
                    yield words(self.across(value), self.bottom + 17, said, text_anchor="middle")
                    room = self.across(value) - 2 * half - 8
            yield words(self.right, self.bottom + 33, self.x.title, class_="title", text_anchor="end")


def svg(width: float, height: float, says: str, *marks: Markup, class_: str) -> Markup:
    """A picture of its own for a screen reader, which reads out what it `says`."""
    box = f"0 0 {number(width)} {number(height)}"
    return tag("svg", *marks, viewBox=box, width=width, height=height, role="img", aria_label=says, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, *, class_: str) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def words(x: float, y: float, said: str, *, class_: str | None = None, text_anchor: str | None = None) -> Markup:
    """Text whose baseline is at `y`."""
    return tag("text", said, x=x, y=y, class_=class_, text_anchor=text_anchor)


def box(x1: float, y1: float, x2: float, y2: float, *, class_: str, says: str = "") -> Markup:
    """A rectangle between two corners; what it says is shown where a pointer rests on it."""
    about = [tag("title", says)] if says else []
    size = {"width": max(x2 - x1, 0.0), "height": max(y2 - y1, 0.0)}
    return tag("rect", *about, x=x1, y=y1, **size, class_=class_)


def path(points: list[tuple[float, float]], *, class_: str) -> Markup:
    """A line through points."""
    return tag("path", d="M" + "L".join(f"{number(x)} {number(y)}" for x, y in points), class_=class_)


def dots(points: list[tuple[float, float]], *, class_: str) -> Markup:
    """Many points as one element: lines of no length with round ends, so that a thousand stay small and quick."""
    return tag("path", d="".join(f"M{number(x)} {number(y)}h0" for x, y in points), class_=f"dots {class_}")
