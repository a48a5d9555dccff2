"""A large view is looked at in tiles that overlap; of each the middle counts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from edge.tasks.ocr.content import Area

MARGIN = 64
"""Pixels at a tile's border that do not count: there a network sees too little around a character."""


@dataclass(frozen=True)
class Tile:
    """The network sees `seen`; what it says of `kept`, a part of that, counts."""

    seen: Area
    kept: Area

    @property
    def inner(self) -> tuple[slice, slice]:
        """`kept`, counted from the corner of `seen`."""
        top, left = self.kept.top - self.seen.top, self.kept.left - self.seen.left
        return slice(top, top + self.kept.height), slice(left, left + self.kept.width)


def tiles(height: int, width: int, most: int, multiple: int) -> Iterator[Tile]:
    """Tiles of at most `most` pixels, about; together their kept parts are the whole. One tile where that is enough."""
    if height * width <= most:
        whole = Area(0, 0, height, width)
        yield Tile(whole, whole)
        return
    side = max(math.isqrt(most) - 2 * MARGIN, MARGIN) // multiple * multiple or multiple
    for top, tall in _spans(height, side):
        for left, wide in _spans(width, side):
            kept = Area(top, left, tall, wide)
            yield Tile(_around(kept, height, width), kept)


def _spans(length: int, most: int) -> Iterator[tuple[int, int]]:
    """Start and length of equal parts."""
    count = math.ceil(length / most)
    edges = [length * number // count for number in range(count + 1)]
    yield from ((start, end - start) for start, end in pairwise(edges))


def _around(kept: Area, height: int, width: int) -> Area:
    top, left = max(kept.top - MARGIN, 0), max(kept.left - MARGIN, 0)
    bottom, right = min(kept.top + kept.height + MARGIN, height), min(kept.left + kept.width + MARGIN, width)
    return Area(top, left, bottom - top, right - left)
