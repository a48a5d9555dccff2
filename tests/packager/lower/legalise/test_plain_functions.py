from __future__ import annotations

import numpy as np
import pytest

from packager.lower.legalise.plain_functions import FUNCTIONS
from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker

CLOSE_TO_A_STEP = [
    -1.5000001,
    -1.0,
    -0.5,
    -0.49999997,
    -0.0,
    0.49999997,
    0.5,
    0.50000006,
    0.99999994,
    1.5,
    2.5,
    8388609,
]


@pytest.mark.parametrize("kind", ["ceil", "round", "sign"])
def test_steps_are_where_paddle_has_them(kind: str) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", len(CLOSE_TO_A_STEP)))
    feeds = {"x": np.array([CLOSE_TO_A_STEP], np.float32)}
    made = legalised(maker.program(y=maker.emit(kind, {"X": x})), feeds, "paddlelite")
    assert not set(types(made)) & set(FUNCTIONS)


@pytest.mark.parametrize("kind", ["acos", "asin", "tan"])
def test_angles_are_paddles_up_to_the_ends(kind: str) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 401))
    feeds = {"x": np.linspace(-1, 1, 401, dtype=np.float32)[None]}
    made = legalised(maker.program(y=maker.emit(kind, {"X": x})), feeds, "paddlelite")
    assert not set(types(made)) & set(FUNCTIONS)


@pytest.mark.parametrize("kind", ["log1p", "log2", "log10", "logsigmoid"])
def test_curves_are_paddles(kind: str) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 6))
    feeds = {"x": np.array([[1e-6, 0.3, 1.0, 7.5, 30.0, 1e4]], np.float32)}
    made = legalised(maker.program(y=maker.emit(kind, {"X": x})), feeds, "paddlelite")
    assert not set(types(made)) & set(FUNCTIONS)
