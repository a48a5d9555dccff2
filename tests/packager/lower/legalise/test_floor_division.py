from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("dtype", ["float32", "int32", "int64"])
def test_the_remainder_has_the_sign_of_the_divisor(dtype: str) -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", dtype, ("batch", 4)), maker.input("y", dtype, (4,))
    program = maker.program(z=maker.binary("elementwise_mod", x, y))
    feeds = {"x": np.array([[7, -7, 7, -7], [3, 9, -1, 0]]).astype(dtype), "y": np.array([3, 3, -3, -3]).astype(dtype)}
    made = legalised(program, feeds, "paddlelite")
    assert "elementwise_mod" not in [op.type for op in made.ops]


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_the_quotient_is_rounded_down(dtype: str) -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", dtype, ("batch", 4)), maker.input("y", dtype, (4,))
    program = maker.program(z=maker.binary("elementwise_floordiv", x, y))
    large = np.iinfo(np.int32).max
    numbers = [[7, -7, 7, -7], [large, -large, large - 1, 0]]
    feeds = {"x": np.array(numbers).astype(dtype), "y": np.array([3, large - 2, -3, -3]).astype(dtype)}
    legalised(program, feeds, "paddlelite")
