from __future__ import annotations

import numpy as np

from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


def test_flatten_gets_its_side_output() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 3, 4))
    attrs = {"start_axis": 1, "stop_axis": -1}
    program = maker.program(y=maker.emit("flatten_contiguous_range", {"X": x}, attrs, shape=("batch", 12)))
    made = legalised(program, {"x": np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)}, "paddlelite")
    assert "XShape" in made.ops[0].outputs
