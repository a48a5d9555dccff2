from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.tasks.ocr.crops import MOST_HEIGHT, crop, turned, upside_down

CORNERS = np.array([[20, 10], [80, 10], [80, 30], [20, 30]], np.float32)


@pytest.fixture
def page() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 255, (100, 120, 3), np.uint8)


def test_a_straight_box_is_cut_out_and_does_not_keep_the_page(page: NDArray[np.uint8]) -> None:
    picture = crop(page, CORNERS)
    assert np.array_equal(picture, page[10:30, 20:80])
    assert not np.shares_memory(picture, page)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turned_content_comes_out_upright(page: NDArray[np.uint8], degrees: int) -> None:
    picture = crop(page, turned(CORNERS, degrees)).astype(int)
    expected = np.rot90(page[10:30, 20:80], degrees // 90).astype(int)
    assert picture.shape == expected.shape
    assert np.abs(picture - expected).max() <= 1


def test_upside_down_is_turned_by_180(page: NDArray[np.uint8]) -> None:
    assert np.array_equal(upside_down(page), np.rot90(page, 2))


def test_a_grey_page_gives_the_same_pictures(page: NDArray[np.uint8]) -> None:
    grey = page[:, :, :1]
    for corners in (CORNERS, turned(CORNERS, 90), CORNERS + np.array([0.3, 0.7], np.float32)):
        assert np.array_equal(crop(grey, corners), crop(np.repeat(grey, 3, axis=2), corners))


def test_high_crops_are_shrunk_and_boxes_over_the_edge_repeat_it() -> None:
    page = np.full((400, 600, 3), 7, np.uint8)
    picture = crop(page, np.array([[-50, -20], [550, -20], [550, 280], [-50, 280]], np.float32))
    assert picture.shape == (MOST_HEIGHT, 192, 3)
    assert (picture == 7).all()
