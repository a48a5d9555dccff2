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
    """Bilinear, by area where it shrinks to less than half; (h, w, channels) to (height, width, channels)."""
    cv2 = library()
    if image.shape[:2] == (height, width):
        return image
    shrinks = height * 2 < image.shape[0] or width * 2 < image.shape[1]
    result: Pixels = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return result
