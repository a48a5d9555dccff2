from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("bias", [1e-6, 1e-7, 1e-12])
def test_rows_of_zeros_survive_their_norm(bias: float) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 5))
    program = maker.program(y=maker.emit("rsqrt", {"X": maker.affine(x, 1, bias)}))
    made = legalised(program, {"x": np.array([[0, 1e-7, 1e-6, 1, 4]], np.float32)}, "onnxruntime")
    assert "scale" not in types(made)


def test_a_factor_next_to_one() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 3))
    program = maker.program(y=maker.affine(x, 1 - 6e-7, 1e-7), z=maker.affine(x, 1, 0.5))
    made = legalised(program, {"x": np.array([[-2, 0, 3]], np.float32)}, "onnxruntime")
    assert types(made).count("scale") == 1
    assert {"elementwise_mul", "elementwise_add"} <= set(types(made))
