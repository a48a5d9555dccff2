from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edge.errors import BundleError, InputError
from edge.manifest import Step
from edge.preprocess.images import decode
from edge.preprocess.steps import STEPS, PixelPipeline

DECODE = Step(kind="decode", options={})
EXACT = Step(kind="resize", options={"filter": "bilinear", "height": 6, "width": 8})
EDGE = Step(kind="resize", options={"filter": "bilinear", "shortest_edge": 6})
CROP = Step(kind="center_crop", options={"height": 5, "width": 4})
RESCALE = Step(kind="rescale", options={"factor": 0.5})
PAD = Step(kind="pad", options={"height": 9, "width": 10, "value": 0.25})


@pytest.mark.parametrize(
    ("steps", "shape"),
    [
        ([DECODE, EXACT], (3, 6, 8)),
        ([DECODE, EDGE, CROP], (3, 5, 4)),
        ([DECODE, EDGE], (3, "height", "width")),
        ([DECODE], (3, "height", "width")),
        ([DECODE, EDGE, RESCALE, PAD], (3, 9, 10)),
        ([Step(kind="decode", options={"mode": "L"}), EXACT], (1, 6, 8)),
    ],
)
def test_the_shape_is_known_where_it_does_not_depend_on_the_picture(
    steps: list[Step], shape: tuple[int | str, ...]
) -> None:
    assert PixelPipeline(steps).shape == shape


def test_padding_comes_last_with_its_own_value() -> None:
    made = PixelPipeline([DECODE, EXACT, RESCALE, PAD])(decode(np.full((3, 3, 3), 10, np.uint8)))
    assert made.shape == (3, 9, 10)
    assert (made[:, :6, :8] == 5).all()
    assert (made[:, 6:] == 0.25).all()
    assert (made[:, :, 8:] == 0.25).all()


def test_a_picture_that_is_too_large_for_the_padding_is_refused() -> None:
    with pytest.raises(InputError, match="room is for 10 x 9"):
        PixelPipeline([DECODE, PAD])(decode(np.zeros((20, 3, 3), np.uint8)))


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [EXACT],
        [DECODE, RESCALE, EXACT],
        [DECODE, DECODE],
        [DECODE, PAD, PAD],
        [DECODE, PAD, RESCALE],
        [EXACT, DECODE],
    ],
)
def test_orders_that_do_not_work_are_refused(steps: list[Step]) -> None:
    with pytest.raises(BundleError, match="no order"):
        PixelPipeline(steps)


@pytest.mark.parametrize(
    ("kind", "options", "says"),
    [
        ("blur", {}, "'blur' is unknown"),
        ("tokenise", {}, "'tokenise' is unknown"),
        ("rescale", {}, "'factor' is missing"),
        ("rescale", {"factor": "1"}, "float was expected"),
        ("rescale", {"factor": 1.0, "clip": True}, "'clip' is unknown"),
        ("decode", {"mode": "CMYK"}, "'CMYK'"),
        ("pad", {"height": 0, "width": 1}, "no size"),
    ],
)
def test_steps_that_are_not_known_are_refused(kind: str, options: dict[str, Any], says: str) -> None:
    with pytest.raises(BundleError, match=says):
        PixelPipeline([DECODE, Step(kind=kind, options=options)])


def test_an_unknown_step_teaches_the_known_ones() -> None:
    with pytest.raises(BundleError) as caught:
        PixelPipeline([DECODE, Step(kind="blur", options={})])
    assert all(kind in caught.value.message for kind in STEPS)
