from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize(("beta", "threshold"), [(1.0, 20.0), (2.0, 20.0), (1.0, 5.0), (0.5, 3.0)])
def test_beta_and_threshold_survive(beta: float, threshold: float) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 9))
    program = maker.program(y=maker.emit("softplus", {"X": x}, {"beta": beta, "threshold": threshold}))
    feeds = {"x": np.linspace(-12, 12, 18, dtype=np.float32).reshape(2, 9)}
    made = legalised(program, feeds, "onnxruntime")
    assert all(op.attrs == {"beta": 1.0, "threshold": 20.0} for op in made.ops if op.type == "softplus")
