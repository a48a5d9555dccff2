from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("kind", ["equal", "not_equal"])
def test_infinities_nan_and_numbers_that_are_close(kind: str) -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", "float32", ("batch", 6)), maker.input("y", "float32", ("batch", 6))
    program = maker.program(compared=maker.binary(kind, x, y, dtype="bool"))
    left = np.array([[inf, -inf, nan, 1e-9, 3, 2]], "float32")
    right = np.array([[inf, inf, nan, 2e-9, 3, 4]], "float32")
    made = legalised(program, {"x": left, "y": right}, "paddlelite")
    assert kind not in types(made)
