from __future__ import annotations

import numpy as np

from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


def test_a_bool_output_is_an_int32_of_the_same_values() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 4))
    over = maker.binary("greater_than", x, maker.full((1,), 0.0, "float32"), dtype="bool")
    program = maker.program(over=over, x_again=maker.emit("relu", {"X": x}))
    made = legalised(program, {"x": np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)}, "paddlelite")
    assert [spec.dtype for spec in made.outputs] == ["int32", "float32"]
