from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BundleError, InputError
from edge.manifest import Step
from edge.preprocess.images import decode
from edge.preprocess.steps import PixelPipeline
from edge.preprocess.text_images import FitLine, LimitSide

DECODE = Step(kind="decode", options={})
PAGE: dict[str, Any] = {"filter": "bilinear", "rule": "max", "side": 960, "longest": 4000, "multiple": 32}
LINE: dict[str, Any] = {"filter": "bilinear", "height": 48, "width": 320, "longest": 3200}
edges = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("options", "size", "target"),
    [
        ({}, (100, 200), (96, 192)),
        ({}, (10, 3), (32, 32)),
        ({}, (1920, 1080), (960, 544)),
        ({}, (80, 112), (64, 128)),  # halves go to the even multiple, as Python rounds
        ({"rule": "min", "side": 736}, (368, 736), (736, 1472)),
        ({"rule": "min", "side": 736}, (800, 900), (800, 896)),
        ({"rule": "min", "side": 736}, (11, 650), (64, 4000)),
        ({"rule": "resize_long"}, (100, 200), (480, 960)),
    ],
)
def test_a_page_is_scaled_by_one_side(options: dict[str, Any], size: tuple[int, int], target: tuple[int, int]) -> None:
    assert LimitSide(**PAGE | options).target(size) == target


@given(st.sampled_from(["max", "min", "resize_long"]), edges, edges)
def test_the_sides_of_a_page_are_multiples_within_the_bound(rule: str, height: int, width: int) -> None:
    for edge in LimitSide(**PAGE | {"rule": rule}).target((height, width)):
        assert edge % 32 == 0
        assert 32 <= edge <= 4000


@pytest.mark.parametrize(
    ("size", "width"),
    [((48, 100), 100), ((96, 201), 101), ((48, 320), 320), ((50, 1001), 960), ((10, 3000), 3200), ((100, 1), 1)],
)
def test_a_line_keeps_its_shape(size: tuple[int, int], width: int) -> None:
    assert FitLine(**LINE).target(size) == (48, width)


@given(st.integers(1, 300), st.integers(1, 2000))
def test_the_end_of_a_line_is_filled_to_whole_columns(height: int, width: int) -> None:
    steps = [
        DECODE,
        Step(kind="fit_line", options=LINE),
        Step(kind="rescale", options={"factor": 1 / 255}),
        Step(kind="pad_width", options={"height": 48, "width": 320, "multiple": 8, "value": 0.5}),
    ]
    pipeline = PixelPipeline(steps)
    assert pipeline.shape == (3, 48, "width")
    made = pipeline(decode(np.full((height, width, 3), 255, np.uint8)))
    fitted = FitLine(**LINE).target((height, width))[1]
    assert made.shape[:2] == (3, 48)
    assert made.shape[2] % 8 == 0
    assert max(320, fitted) <= made.shape[2] < max(320, fitted) + 8
    assert (made[:, :, :fitted] == 1).all()
    assert (made[:, :, fitted:] == 0.5).all()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("limit_side", PAGE | {"rule": "mean"}),
        ("limit_side", PAGE | {"filter": "blurred"}),
        ("limit_side", PAGE | {"side": 16}),
        ("limit_side", PAGE | {"longest": 2**40}),
        ("fit_line", LINE | {"filter": "blurred"}),
        ("fit_line", LINE | {"width": 4000}),
        ("fit_line", LINE | {"longest": 2**40}),
        ("fit_line", LINE | {"rule": "max"}),
    ],
)
def test_options_that_make_no_sense_are_refused(kind: str, options: dict[str, Any]) -> None:
    with pytest.raises(BundleError, match=kind):
        PixelPipeline([DECODE, Step(kind=kind, options=options)])


def test_padding_without_a_bound_is_refused() -> None:
    with pytest.raises(BundleError, match="pad_width"):
        PixelPipeline([DECODE, Step(kind="pad_width", options={"height": 48, "width": 320, "multiple": 2**40})])


def test_a_page_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.preprocess.geometry.default_max_pixels", lambda: 1000)
    steps = [DECODE, Step(kind="limit_side", options=PAGE | {"rule": "min"})]
    with pytest.raises(InputError, match="would become"):
        PixelPipeline(steps)(decode(np.zeros((8, 8, 3), np.uint8)))
