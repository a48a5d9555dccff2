from __future__ import annotations

import numpy as np
import pytest

from packager.lower.legalise.clamp_masks import clamp_masks
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("fill", [-3.4e38, -np.inf])
def test_masked_softmax(fill: float) -> None:
    maker = ProgramMaker()
    x, keep = maker.input("x", "float32", ("batch", 4, 6)), maker.input("keep", "float32", ("batch", 1, 6))
    masked = maker.binary("less_than", keep, maker.full((1,), 0.5, "float32"), dtype="bool")
    full = maker.emit("fill_any_like", {"X": keep}, {"value": 0.0, "dtype": -1})
    low = maker.binary("elementwise_add", full, maker.constant(np.array([fill], np.float32)))
    mask = maker.emit("where", {"Condition": masked, "X": low, "Y": full}, like=keep)
    program = maker.program(y=maker.emit("softmax", {"X": maker.binary("elementwise_add", x, mask)}, {"axis": -1}))
    feeds = {
        "x": np.random.default_rng(0).normal(size=(2, 4, 6)).astype(np.float32),
        "keep": np.array([[[1, 1, 1, 0, 0, 0]], [[1, 0, 0, 0, 0, 0]]], np.float32),
    }
    made = legalised(program, feeds, "paddlelite")
    assert min(array.min() for array in made.constants.values()) == np.float32(-1e9)


def test_fills_and_factors_are_clamped_and_integers_are_not() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (1,))
    low = maker.full((1,), -np.inf, "float32")
    number = maker.full((1,), -(2**40), "int64")
    made = clamp_masks(maker.program(a=maker.affine(x, -3.4e38, 1.0), low=low, number=number))
    attributes = {op.outputs["Out"][0]: op.attrs for op in made.ops}
    assert attributes["a"]["scale"] == -1e9
    assert attributes["low"]["str_value"] == "-1000000000.0"
    assert attributes["number"]["str_value"] == str(-(2**40))
