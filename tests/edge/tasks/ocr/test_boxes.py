from __future__ import annotations

import cv2
import numpy as np
import pyclipper
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge.tasks.ocr.boxes import CERTAIN, text_boxes
from edge.tasks.ocr.options import TextBoxes

OPTIONS = TextBoxes(threshold=0.3, least_score=0.5, unclip=1.6, dilate=False, most=10)


def in_255ths(probabilities: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(probabilities * CERTAIN).astype(np.uint8)


def drawn(corners: NDArray[np.float32], value: float = 0.9) -> NDArray[np.uint8]:
    probabilities = np.zeros((300, 400), np.float32)
    cv2.fillPoly(probabilities, [np.rint(corners).astype(np.int32)], value)
    return in_255ths(probabilities)


def rectangle(width: float, height: float, degrees: float) -> NDArray[np.float32]:
    corners: NDArray[np.float32] = cv2.boxPoints(((200, 150), (width, height), degrees)).astype(np.float32)
    return corners


@given(st.integers(30, 160), st.integers(8, 40), st.integers(-40, 40))
def test_outlines_are_pushed_out_as_far_as_pyclipper_does(width: int, height: int, degrees: int) -> None:
    (box,) = text_boxes(drawn(rectangle(width, height, degrees)), OPTIONS)
    outline, _ = cv2.findContours(
        (drawn(rectangle(width, height, degrees)) > 0).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE
    )
    tight = cv2.boxPoints(cv2.minAreaRect(outline[0]))
    offset = pyclipper.PyclipperOffset()
    scaled = [[round(x * 1000), round(y * 1000)] for x, y in tight.tolist()]
    offset.AddPath(scaled, pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
    grown = offset.Execute(1000 * 1.6 * cv2.contourArea(tight) / cv2.arcLength(tight, closed=True))
    _, sides, _ = cv2.minAreaRect(np.array(grown[0], np.float32) / 1000)
    assert sorted([box.width, box.height]) == pytest.approx(sorted(sides), abs=0.5)


@pytest.mark.parametrize("degrees", [-40, -10, 0, 10, 40])
def test_corners_run_clockwise_from_the_top_left(degrees: int) -> None:
    (box,) = text_boxes(drawn(rectangle(150, 20, degrees)), OPTIONS)
    along = box.corners[1] - box.corners[0]
    assert np.degrees(np.arctan2(along[1], along[0])) == pytest.approx(degrees, abs=2)
    first, second = along, box.corners[3] - box.corners[0]
    assert first[0] * second[1] - first[1] * second[0] > 0
    assert box.width > box.height


def test_what_is_doubtful_or_narrow_is_no_text() -> None:
    assert not text_boxes(drawn(rectangle(100, 20, 0), 0.4), OPTIONS)
    assert not text_boxes(drawn(rectangle(100, 1, 0)), OPTIONS)
    assert not text_boxes(drawn(rectangle(100, 20, 0), 0.2), OPTIONS)
    (box,) = text_boxes(drawn(rectangle(100, 20, 0)), OPTIONS)
    assert box.score == pytest.approx(0.9, abs=0.01)


def test_dilation_joins_neighbours() -> None:
    gap = drawn(rectangle(100, 20, 0))
    gap[:, 200] = 0
    assert len(text_boxes(gap, OPTIONS)) == 2
    joined = TextBoxes(threshold=0.3, least_score=0.5, unclip=1.6, dilate=True, most=10)
    assert len(text_boxes(gap, joined)) == 1
