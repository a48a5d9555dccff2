from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.tasks.ocr.content import CELL, Area, busiest, content


@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 255), st.sampled_from([1, 3]))
def test_a_page_of_one_colour_is_blank(height: int, width: int, value: int, channels: int) -> None:
    assert content(np.full((height, width, channels), value, np.uint8)) is None


@given(st.integers(20, 300), st.integers(20, 300), st.data())
def test_the_content_holds_every_mark_with_a_margin(height: int, width: int, data: st.DataObject) -> None:
    page = np.full((height, width, 3), 255, np.uint8)
    marks = data.draw(
        st.lists(st.tuples(st.integers(0, height - 2), st.integers(0, width - 2)), min_size=1, max_size=3)
    )
    for row, column in marks:
        page[row, column, data.draw(st.integers(0, 2))] = 0
    area = content(page)
    # A mark that fills its cell to the border shows against the rest of it only where there is a rest.
    assert area is not None
    for row, column in marks:
        assert area.top <= row < area.top + area.height <= height
        assert area.left <= column < area.left + area.width <= width


def test_what_is_far_from_content_is_left_out() -> None:
    page = np.full((1000, 2000, 1), 250, np.uint8)
    page[400:420, 800:900:3] = 0
    assert content(page) == Area(384, 784, 4 * CELL, 9 * CELL)


@pytest.mark.parametrize("noise", [5, 20])
def test_noise_is_no_content(noise: int) -> None:
    page = np.random.default_rng(0).integers(200, 200 + noise, (100, 100, 3), np.uint8)
    assert content(page) is None


@pytest.mark.parametrize("side", [1, 100, 5000])
def test_the_busiest_part_is_where_most_marks_are(side: int) -> None:
    page = np.full((600, 900, 1), 250, np.uint8)
    page[32:48, 100:800:3] = 0
    page[400:560:3, 500:700:3] = 0
    whole = Area(16, 32, 570, 800)
    part = busiest(page, whole, side)
    assert whole.top <= part.top <= part.top + part.height <= whole.top + whole.height
    assert whole.left <= part.left <= part.left + part.width <= whole.left + whole.width
    if side == 100:
        assert (part.height, part.width) == (96, 96)
        assert np.count_nonzero(part.of(page) == 0) > 96 * 96 / 10
