from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("kind", ["bitwise_or", "bitwise_xor"])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_all_bits_are_right_even_where_the_sum_overflows(kind: str, dtype: str) -> None:
    limits = np.iinfo(dtype)
    maker = ProgramMaker()
    x, y = maker.input("x", dtype, ("batch", 4)), maker.input("y", dtype, (4,))
    program = maker.program(z=maker.binary(kind, x, y))
    feeds = {
        "x": np.array([[limits.max, limits.min, -1, 12]], dtype),
        "y": np.array([limits.max - 1, limits.min + 5, limits.max, 10], dtype),
    }
    assert kind not in types(legalised(program, feeds, "paddlelite"))
