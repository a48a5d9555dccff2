"""The text of a page as a PDF's content stream: unseen, each letter where its picture is."""

from __future__ import annotations

import math

from edge.formats.glyphless import ASCENT, DESCENT, Glyphless
from edge.formats.words import plain
from edge.results import Line, Page, Point

UNSEEN = 3  # text rendering mode (ISO 32000-1, 9.3.6)
LEAST = 1e-3  # points


def page_text(page: Page, points: float, font: Glyphless) -> bytes:
    """Operators that show `page`'s text in font `/F`; `points` is how many of them a pixel has."""
    said = [b"BT %d Tr" % UNSEEN]
    said.extend(_line(line, _Axes.of(line, page, points), font) for line in page.lines if line.text.strip())
    return b"\n".join([*said, b"ET"])


class _Axes:
    """A line in PDF's points, whose origin is at the bottom left: where it starts, and which way it and its letters go.

    A vertical line is shown as one that is turned clockwise: programs take it out in one piece.
    """

    def __init__(self, origin: Point, along: Point, up: Point) -> None:
        self.length = max(math.hypot(*along), LEAST)
        self.height = max(math.hypot(*up), LEAST)
        self.along = along[0] / self.length, along[1] / self.length
        self.up = up[0] / self.height, up[1] / self.height
        self._origin = origin

    @classmethod
    def of(cls, line: Line, page: Page, points: float) -> _Axes:
        """The axes through the text's bottom left corner."""
        first, second, third, fourth = ((x * points, (page.height - y) * points) for x, y in line.box)
        origin, end, top = (first, fourth, second) if line.vertical else (fourth, third, first)
        return cls(origin, (end[0] - origin[0], end[1] - origin[1]), (top[0] - origin[0], top[1] - origin[1]))

    def baseline(self, start: float) -> Point:
        """The point of the baseline at a share of the line's length."""
        across, down = start * self.length, -DESCENT / (ASCENT - DESCENT) * self.height
        x, y = self._origin
        return x + across * self.along[0] + down * self.up[0], y + across * self.along[1] + down * self.up[1]


def _line(line: Line, axes: _Axes, font: Glyphless) -> bytes:
    """The line from its first letter to its last, each as wide as the picture shows it."""
    text = plain(line.text)
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    borders = line.edges
    ends = [(edge - borders[first]) * axes.length / axes.height for edge in borders[first + 1 : last + 1]]
    # Letters stand square on the baseline, even where the box is no rectangle.
    (right, up), (x, y) = axes.along, axes.baseline(borders[first])
    matrix = b"%.4f %.4f %.4f %.4f %.2f %.2f Tm" % (right, up, -up, right, x, y)
    return b"%s /F %.2f Tf <%s> Tj" % (matrix, axes.height, font.encoded(text[first:last], ends))
