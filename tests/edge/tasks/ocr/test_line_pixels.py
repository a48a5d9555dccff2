from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.tasks.ocr.line_pixels import OVERLAP, LinePixels
from edge.tasks.ocr.options import Colours, LineInput

HEIGHT = 48


def line_input(order: str = "rgb") -> LineInput:
    colours = Colours(order=order, scale=1 / 255, mean=(0.5, 0.25, 0.0), std=(0.5, 0.25, 1.0))
    return LineInput(colours=colours, height=HEIGHT, widths=(64, 320, 640))


@given(st.integers(1, 10_000))
def test_parts_are_no_wider_than_the_network_takes_and_overlap(width: int) -> None:
    parts = LinePixels(line_input()).parts(7, width)
    assert all(part.line == 7 and part.whole == width and 0 < part.width <= 640 for part in parts)
    assert (parts[0].start, parts[-1].end) == (0, width)
    assert len(parts) == 1 or max(part.width for part in parts) - min(part.width for part in parts) <= 1
    for one, other in itertools.pairwise(parts):
        assert one.end - other.start >= OVERLAP * HEIGHT - 1


@pytest.mark.parametrize(("order", "channels"), [("rgb", (255, 0, 51)), ("bgr", (51, 0, 255))])
def test_values_are_those_of_the_formula_and_zero_at_the_right(order: str, channels: tuple[int, int, int]) -> None:
    crop = np.full((24, 30, 3), channels, np.uint8)
    pixels = LinePixels(line_input(order))
    width = pixels.width(24, 30)
    assert width == 60
    values = pixels.batch([crop], pixels.parts(0, width), 64)
    assert values.shape == (1, 3, HEIGHT, 64)
    np.testing.assert_allclose(values[0, :, :, :60].max(axis=(1, 2)), [1.0, -1.0, 0.2], atol=1e-6)
    np.testing.assert_allclose(values[0, :, :, :60].min(axis=(1, 2)), [1.0, -1.0, 0.2], atol=1e-6)
    assert not values[0, :, :, 60:].any()


def test_what_a_batch_before_left_in_the_buffer_is_not_seen() -> None:
    pixels = LinePixels(line_input())
    wide, narrow = np.full((48, 320, 3), 200, np.uint8), np.full((48, 40, 3), 90, np.uint8)
    pixels.batch([wide, wide], [*pixels.parts(0, 320), *pixels.parts(1, 320)], 320)
    used = pixels.batch([narrow], pixels.parts(0, 40), 64).copy()
    assert np.array_equal(used, LinePixels(line_input()).batch([narrow], pixels.parts(0, 40), 64))


def test_a_squeezed_line_is_seen_whole() -> None:
    pixels = LinePixels(line_input())
    crop = np.zeros((48, 1280, 3), np.uint8)
    crop[:, 1240:] = 255
    values = pixels.batch([crop], [pixels.squeezed(0, 1280)], 640)
    assert values.shape[3] == 640
    assert (values[0, 0, :, 630:] == 1).all()
    assert (values[0, 0, :, :600] == -1).all()
