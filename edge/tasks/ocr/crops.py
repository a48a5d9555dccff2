"""What a box shows, straight and upright, as the networks for lines take it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge.tasks.ocr.boxes import Box
from edge.tasks.ocr.opencv import Pixels, coloured, resized, straightened

TALL = 1.5
"""Height over width from which on a box holds a line that runs down, or up, the page (as PaddleOCR's pipelines do)."""

MOST_HEIGHT = 96
"""Pixels; networks see lines at half of that. Higher crops would only take memory."""

STRAIGHT = 0.5
"""Pixels that a side may be askew and still be cut along rows and columns."""


def turned(corners: NDArray[np.float32], degrees: int) -> NDArray[np.float32]:
    """The corners (clockwise from the top left) of content that is turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.roll(corners, -(degrees // 90), axis=0)


def is_tall(box: Box) -> bool:
    """Whether its line runs down, or up, the page."""
    return box.height >= TALL * box.width


def upside_down(picture: Pixels) -> Pixels:
    """Turned by 180 degrees."""
    return np.ascontiguousarray(picture[::-1, ::-1])


def crop(page: Pixels, corners: NDArray[np.float32]) -> Pixels:
    """The picture of a line from its corners, clockwise from the top left of the text; at most MOST_HEIGHT high.

    The page is RGB or grey, (height, width, 3 or 1), the picture RGB.
    """
    upper, right, lower, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = (max(1, round(float(side))) for side in (max(upper, lower), max(left, right)))
    cut = _cut(page, corners)
    picture = straightened(page, corners, height, width) if cut is None else cut
    if picture.shape[0] > MOST_HEIGHT:
        picture = resized(picture, MOST_HEIGHT, max(1, round(picture.shape[1] * MOST_HEIGHT / picture.shape[0])))
    # A part of the page would keep all of it in memory.
    return coloured(picture) if picture.shape[2] == 1 or picture is not cut else picture.copy()


def _cut(page: Pixels, corners: NDArray[np.float32]) -> Pixels | None:
    """Without interpolation, where the sides run along rows and columns and nothing is turned or outside."""
    (left, top), (right, bottom) = corners[0], corners[2]
    exact = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    x, y, end_x, end_y = (round(float(value)) for value in (left, top, right, bottom))
    inside = 0 <= x < end_x <= page.shape[1] and 0 <= y < end_y <= page.shape[0]
    return page[y:end_y, x:end_x] if inside and np.abs(corners - exact).max() <= STRAIGHT else None
