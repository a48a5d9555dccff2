from __future__ import annotations

import numpy as np
import pytest

from packager.lower.legalise.logical_broadcast import ARITHMETIC
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize(
    ("left", "right"),
    [((2, 3), (2, 3)), ((2, 1, 3, 4), (2, 5, 3, 4)), ((2, 5, 3, 4), (1, 1, 1, 4)), ((4,), (2, 4)), ((3, 1), (1, 3))],
)
def test_both_sides_broadcast(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", "bool", left), maker.input("y", "bool", right)
    shape = np.broadcast_shapes(left, right)
    program = maker.program(
        **{operator: maker.emit(operator, {"X": x, "Y": y}, dtype="bool", shape=shape) for operator in ARITHMETIC}
    )
    random = np.random.default_rng(0)
    feeds = {"x": random.random(left) > 0.5, "y": random.random(right) > 0.5}
    legalised(program, feeds, "paddlelite")
