"""OpenCV, the only module that imports it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import EnvironmentLackError

Pixels = NDArray[np.uint8]
Points = NDArray[np.float32]


@cache
def library() -> Any:
    """cv2 with one thread of its own, since stages overlap; raises EnvironmentLackError where it is not installed."""
    try:
        import cv2
    except ImportError as error:
        raise EnvironmentLackError(
            f"OpenCV cannot be imported ({error})", remedy="pip install opencv-python-headless"
        ) from error
    cv2.setNumThreads(1)
    return cv2


def resized(image: Pixels, height: int, width: int) -> Pixels:
    """Bilinear, by area where it shrinks to less than half; (h, w, 1 or 3) to (height, width, the same)."""
    cv2 = library()
    if image.shape[:2] == (height, width):
        return image
    shrinks = height * 2 < image.shape[0] or width * 2 < image.shape[1]
    result: Pixels = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return result.reshape(height, width, image.shape[2])


def coloured(image: Pixels) -> Pixels:
    """Grey (h, w, 1) as RGB (h, w, 3); what is RGB stays as it is."""
    if image.shape[2] == 3:
        return image
    cv2 = library()
    result: Pixels = cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)
    return result


def outlines(mask: Pixels) -> list[NDArray[np.int32]]:
    """The outlines, inner ones too, of what is not 0 in (h, w): each (points, 2), x before y."""
    cv2 = library()
    found, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    return [one[:, 0, :] for one in found]


def dilated(mask: Pixels) -> Pixels:
    """What is not 0 grows by a pixel to the right and down."""
    result: Pixels = library().dilate(mask, np.ones((2, 2), np.uint8))
    return result


def smallest_rectangle(points: NDArray[np.int32]) -> tuple[Points, float, float]:
    """Centre and unit vector of the first side as rows of (2, 2), and the lengths of both sides."""
    (x, y), (first, second), degrees = library().minAreaRect(points)
    turn = np.deg2rad(degrees)
    return np.array([[x, y], [np.cos(turn), np.sin(turn)]], np.float32), float(first), float(second)


def mean_inside(values: Pixels, corners: Points) -> float:
    """The mean of (h, w) over a polygon that lies within."""
    cv2 = library()
    mask = np.zeros(values.shape, np.uint8)
    cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 1)
    return float(cv2.mean(values, mask)[0])


def straightened(image: Pixels, corners: Points, height: int, width: int) -> Pixels:
    """What lies between four corners (clockwise from the top left) as a rectangle; edges of the page are repeated."""
    cv2 = library()
    # Centres of pixels are at whole numbers here, the corners are at their borders.
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32) - 0.5, target)
    result: Pixels = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return result.reshape(height, width, image.shape[2])
