from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
@pytest.mark.parametrize("approximate", [True, False])
def test_both_forms_of_gelu_are_right(engine: str, approximate: bool) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 8))
    program = maker.program(y=maker.emit("gelu", {"X": x}, {"approximate": approximate}))
    feeds = {"x": np.random.default_rng(0).normal(size=(3, 8)).astype(np.float32) * 3}
    assert ("gelu" in types(legalised(program, feeds, engine))) is not approximate
