from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("kind", ["elementwise_min", "elementwise_max"])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_extremes_of_integers_and_a_constant(kind: str, dtype: str) -> None:
    maker = ProgramMaker()
    x = maker.input("x", dtype, ("batch", 5))
    bound = maker.constant(np.array([3], dtype))
    program = maker.program(left=maker.binary(kind, bound, x), right=maker.binary(kind, x, bound))
    made = legalised(program, {"x": np.array([[-7, 2, 3, 4, 20_000_001]], dtype)}, "paddlelite")
    assert kind not in types(made)


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_absolute_integers_that_a_choice_reads(dtype: str) -> None:
    maker = ProgramMaker()
    x = maker.input("x", dtype, ("batch", 5))
    size = maker.emit("abs", {"X": x})
    near = maker.binary("less_than", size, maker.constant(np.array([3], dtype)), dtype="bool")
    chosen = maker.emit("where", {"Condition": near, "X": size, "Y": x}, dtype=dtype, shape=x.shape)
    made = legalised(maker.program(chosen=chosen), {"x": np.array([[-7, -2, 0, 2, 20_000_001]], dtype)}, "paddlelite")
    assert "abs" not in types(made)
