from __future__ import annotations

import numpy as np

from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


def test_a_bool_constant_chooses() -> None:
    random = np.random.default_rng(0)
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 4))
    chosen = {"Condition": maker.constant(random.random((2, 4)) > 0.5), "X": x, "Y": maker.affine(x, 2.0, 1.0)}
    program = maker.program(y=maker.emit("where", chosen, like=x))
    made = legalised(program, {"x": random.normal(size=(2, 4)).astype(np.float32)}, "paddlelite")
    assert {array.dtype.name for array in made.constants.values()} == {"int32"}
