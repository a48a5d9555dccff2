from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
@pytest.mark.parametrize("dtype", ["float32", "int64"])
@pytest.mark.parametrize(("exclusive", "reverse"), [(False, False), (True, False), (False, True), (True, True)])
def test_options_survive(engine: str, dtype: str, exclusive: bool, reverse: bool) -> None:
    maker = ProgramMaker()
    x = maker.input("x", dtype, ("batch", 7))
    attrs = {"axis": 1, "exclusive": exclusive, "reverse": reverse, "flatten": False}
    program = maker.program(y=maker.emit("cumsum", {"X": x}, attrs))
    legalised(program, {"x": (np.random.default_rng(0).normal(size=(2, 7)) * 9).astype(dtype)}, engine)
