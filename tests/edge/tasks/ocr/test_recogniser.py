from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.tasks.ocr.line_pixels import LinePixels
from edge.tasks.ocr.options import Colours, LineInput
from edge.tasks.ocr.recogniser import ROOM, shares

COLOURS = Colours(order="bgr", scale=1 / 255, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
LINES = LineInput(colours=COLOURS, height=48, widths=(32, 64, 160, 320, 640, 1280), stretch=0.8)


@given(st.lists(st.tuples(st.integers(8, 96), st.integers(4, 3000)), max_size=40))
def test_a_share_is_what_the_network_takes_at_once_and_long_ones_come_first(sizes: list[tuple[int, int]]) -> None:
    crops = [np.zeros((*size, 3), np.uint8) for size in sizes]
    shared = shares(crops, LINES)
    assert sorted(line for share in shared for line in share) == list(range(len(crops)))
    pixels = LinePixels(LINES)
    took = []
    for share in shared:
        widths = [min(LINES.widths[-1], pixels.width(*sizes[line])) for line in share]
        width = {next(one for one in LINES.widths if one >= needed) for needed in widths}
        assert len(width) == 1
        took.append(len(share) * width.pop())
        assert len(share) == 1 or took[-1] <= ROOM
    assert took == sorted(took, reverse=True)
