from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.tasks.ocr.tiles import MARGIN, tiles

MOST = 200_000


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_kept_parts_are_the_whole_once(height: int, width: int) -> None:
    seen = np.zeros((height, width), np.uint8)
    for tile in tiles(height, width, MOST, 32):
        seen[tile.kept.slices] += 1
        assert tile.seen.pixels <= MOST
        rows, columns = tile.inner
        assert (rows.stop - rows.start, columns.stop - columns.start) == (tile.kept.height, tile.kept.width)
        assert np.array_equal(np.arange(height)[tile.seen.slices[0]][rows], np.arange(height)[tile.kept.slices[0]])
    assert (seen == 1).all()


@given(st.integers(1000, 3000), st.integers(1000, 3000))
def test_a_tile_sees_a_margin_unless_the_view_ends(height: int, width: int) -> None:
    for tile in tiles(height, width, MOST, 32):
        assert tile.kept.top - tile.seen.top == min(MARGIN, tile.kept.top)
        below = height - tile.kept.top - tile.kept.height
        assert tile.seen.top + tile.seen.height - tile.kept.top - tile.kept.height == min(MARGIN, below)


def test_a_view_that_is_small_enough_is_one_tile() -> None:
    (tile,) = tiles(400, 500, MOST, 32)
    assert tile.seen == tile.kept
