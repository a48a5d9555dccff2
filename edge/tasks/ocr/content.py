"""Where a page is not blank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELL = 16
CONTRAST = 24
"""Grey levels between the lightest and the darkest pixel of a cell; less than this is noise, or cannot be read."""


@dataclass(frozen=True)
class Area:
    """A rectangle of whole pixels."""

    top: int
    left: int
    height: int
    width: int

    @property
    def pixels(self) -> int:
        """How many."""
        return self.height * self.width

    @property
    def slices(self) -> tuple[slice, slice]:
        """Of an array (height, width, ...)."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)

    def of(self, page: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What the page shows there; nothing is copied."""
        return page[self.slices]


def content(page: NDArray[np.uint8]) -> Area | None:
    """The area of (h, w, channels) outside of which nothing has contrast, with a margin; None for a blank page."""
    busy = _busy(page)
    rows, columns = np.flatnonzero(busy.any(axis=1)), np.flatnonzero(busy.any(axis=0))
    if not len(rows):
        return None
    top, left = (max(int(first) - 1, 0) * CELL for first in (rows[0], columns[0]))
    bottom, right = ((int(last) + 2) * CELL for last in (rows[-1], columns[-1]))
    return Area(top, left, min(bottom, page.shape[0]) - top, min(right, page.shape[1]) - left)


def busiest(page: NDArray[np.uint8], area: Area, side: int) -> Area:
    """The part of the area, `side` pixels high and wide where it has so many, in which most cells have contrast."""
    busy = _busy(area.of(page))
    tall, wide = (min(max(side // CELL, 1), length) for length in busy.shape)
    sums = np.pad(busy.astype(np.int32), ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    inside = sums[tall:, wide:] - sums[:-tall, wide:] - sums[tall:, :-wide] + sums[:-tall, :-wide]
    row, column = (int(place) * CELL for place in np.unravel_index(int(inside.argmax()), inside.shape))
    height, width = min(tall * CELL, area.height - row), min(wide * CELL, area.width - column)
    return Area(area.top + row, area.left + column, height, width)


def _busy(page: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """For each cell, the last of a row or column with what is left over, whether a channel has contrast in it."""
    rows = [page[top : top + CELL] for top in range(0, page.shape[0], CELL)]
    high, low = (
        reduce.reduceat(np.stack([reduce.reduce(row) for row in rows]), range(0, page.shape[1], CELL), axis=1)
        for reduce in (np.maximum, np.minimum)
    )
    contrast: NDArray[np.bool_] = np.any(high - low >= CONTRAST, axis=2)
    return contrast
