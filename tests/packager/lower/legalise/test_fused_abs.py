from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("kind", ["elementwise_add", "elementwise_sub", "elementwise_mul"])
def test_what_was_computed_before_does_not_matter(kind: str) -> None:
    maker = ProgramMaker()
    x, y = (maker.input(name, "float32", ("batch", 3)) for name in ("x", "y"))
    made = maker.emit("abs", {"X": maker.emit(kind, {"X": x, "Y": y}, {"axis": -1})})
    feeds = {"x": np.array([[1, -2, 0]], np.float32), "y": np.array([[3, 1.5, -0.25]], np.float32)}
    assert "abs" not in types(legalised(maker.program(z=made), feeds, "paddlelite"))
