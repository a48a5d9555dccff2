"""Lines as upright rectangles, as the reader sees them: the page is turned so that its text runs to the right."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edge.results import Line

LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Piece:
    """Lines that stay together, in their order, and the rectangle that they take; x grows to the right, y down."""

    lines: tuple[Line, ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Along the text."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Across it; never 0."""
        return max(self.bottom - self.top, LEAST)

    @property
    def middle_across(self) -> float:
        """Half-way to the right."""
        return (self.left + self.right) / 2

    @property
    def middle(self) -> float:
        """Half-way down."""
        return (self.top + self.bottom) / 2

    def shares_row(self, other: Piece) -> bool:
        """Whether most of the lower one is beside the other."""
        common = min(self.bottom, other.bottom) - max(self.top, other.top)
        return common >= 0.5 * min(self.height, other.height)


def pieces_of(lines: Sequence[Line], *, down: bool) -> list[Piece]:
    """A piece for each line, the page turned by the angle that most of its text has.

    Where `down`, the page is turned on its side: vertical text runs to the right, and its columns, read from right to
    left, follow one another downwards.
    """
    turn = -_angle(lines) - (math.pi / 2 if down else 0.0)
    return [_piece(line, math.cos(turn), math.sin(turn)) for line in lines]


def _piece(line: Line, cos: float, sin: float) -> Piece:
    across = sorted(x * cos - y * sin for x, y in line.box)
    below = sorted(x * sin + y * cos for x, y in line.box)
    # Of a line that slants, the middle of each side counts.
    left, right = (across[0] + across[1]) / 2, (across[2] + across[3]) / 2
    return Piece((line,), left, (below[0] + below[1]) / 2, right, (below[2] + below[3]) / 2)


def _angle(lines: Sequence[Line]) -> float:
    """The mean angle by which upright text would have to be turned to lie as these lines do, long ones count more."""
    x = y = 0.0
    for line in lines:
        first, second, third, fourth = line.box
        if line.vertical:  # towards its end it runs down: a quarter turn back is where upright text would run
            along = (fourth[1] + third[1] - first[1] - second[1], first[0] + second[0] - fourth[0] - third[0])
        else:
            along = (second[0] + third[0] - first[0] - fourth[0], second[1] + third[1] - first[1] - fourth[1])
        x, y = x + along[0], y + along[1]
    return math.atan2(y, x) if x or y else 0.0


class Shelf:
    """Pieces by how far down they are: those near one are found without a look at all others."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = sorted(pieces, key=lambda piece: piece.middle)
        self._middles = [piece.middle for piece in self._pieces]

    def near(self, piece: Piece, reach: float) -> list[Piece]:
        """Those, the piece too if it is there, whose middle is at most so far above or below its own."""
        first = bisect_left(self._middles, piece.middle - reach)
        return self._pieces[first : bisect_right(self._middles, piece.middle + reach)]

    def put(self, piece: Piece) -> None:
        """Add a piece."""
        at = bisect_right(self._middles, piece.middle)
        self._pieces.insert(at, piece)
        self._middles.insert(at, piece.middle)

    def remove(self, piece: Piece) -> None:
        """Take away a piece that is there."""
        first = bisect_left(self._middles, piece.middle)
        at = next(at for at in range(first, len(self._pieces)) if self._pieces[at] is piece)
        del self._pieces[at], self._middles[at]
