"""From a detector's map of probabilities to boxes around text: DB's post-processing (arXiv 1911.08947, section 3.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.tasks.ocr import opencv
from edge.tasks.ocr.options import TextBoxes

CERTAIN = 255
LEAST_SIDE = 3.0
"""Pixels of the map: what is narrower is noise."""


@dataclass(frozen=True, eq=False)
class Box:
    """Four corners clockwise from the top left, float32 (4, 2), x before y, and the mean probability inside."""

    corners: NDArray[np.float32]
    score: float

    @property
    def width(self) -> float:
        """The longer of the upper and the lower side."""
        return float(max(_length(self.corners[0] - self.corners[1]), _length(self.corners[3] - self.corners[2])))

    @property
    def height(self) -> float:
        """The longer of the left and the right side."""
        return float(max(_length(self.corners[0] - self.corners[3]), _length(self.corners[1] - self.corners[2])))


def text_boxes(probabilities: NDArray[np.uint8], options: TextBoxes) -> list[Box]:
    """Boxes in pixels of the map (h, w), whose pixels' corners are whole numbers; they may reach over its edges.

    The map has 255ths: a page of 40 megapixels is seen as 40 megabytes.
    """
    mask = (probabilities > options.threshold * CERTAIN).astype(np.uint8)
    if options.dilate:
        mask = opencv.dilated(mask)
    boxes = (_box(outline, probabilities, options) for outline in opencv.outlines(mask)[: options.most])
    return [box for box in boxes if box is not None]


def _box(outline: NDArray[np.int32], probabilities: NDArray[np.uint8], options: TextBoxes) -> Box | None:
    (centre, along), first, second = opencv.smallest_rectangle(outline)
    if min(first, second) < LEAST_SIDE:
        return None
    corners = _corners(centre, along, first, second)
    score = _score(probabilities, corners)
    if score < options.least_score:
        return None
    # A rectangle that is pushed out with round corners has the same sides, longer by twice the distance.
    grown = 2 * options.unclip * first * second / (2 * (first + second))
    # Outlines run through the centres of pixels, half a pixel from their corners.
    return Box(_corners(centre + np.float32(0.5), along, first + grown, second + grown), score)


def _score(probabilities: NDArray[np.uint8], corners: NDArray[np.float32]) -> float:
    height, width = probabilities.shape
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (width, height))
    part = np.ascontiguousarray(probabilities[top:bottom, left:right])
    return opencv.mean_inside(part, corners - np.array([left, top], np.float32)) / CERTAIN


def _corners(
    centre: NDArray[np.float32], along: NDArray[np.float32], first: float, second: float
) -> NDArray[np.float32]:
    """Clockwise from the one that is nearest to the top left of an upright reader."""
    across = np.array([-along[1], along[0]], np.float32)
    half, other = along * np.float32(first / 2), across * np.float32(second / 2)
    around = np.stack([centre - half - other, centre + half - other, centre + half + other, centre - half + other])
    return np.roll(around, -_top_left(around), axis=0)


def _top_left(corners: NDArray[np.float32]) -> int:
    """The corner from which the side that runs most to the right begins."""
    sides = np.roll(corners, -1, axis=0) - corners
    return int(np.argmax(sides[:, 0] / np.maximum(np.hypot(sides[:, 0], sides[:, 1]), 1e-6)))


def _length(vector: NDArray[np.float32]) -> float:
    return float(np.hypot(vector[0], vector[1]))
