from __future__ import annotations

import numpy as np
import pytest

from packager.lower.legalise.compare_broadcast import MIRRORED
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker

SHAPES = [
    ((2, 3, 4), (2, 3, 4)),
    ((2, 3, 4), (1,)),
    ((4,), (2, 3, 4)),
    ((1,), (2, 3)),
    ((2, 1, 1, 4), (1, 1, 5, 1)),
    ((3, 1), (1, 3)),  # equally many elements: Paddle Lite would compare them in pairs
]


@pytest.mark.parametrize(("left", "right"), SHAPES)
@pytest.mark.parametrize("dtype", ["float32", "int64", "int32", "bool"])
def test_both_sides_broadcast(left: tuple[int, ...], right: tuple[int, ...], dtype: str) -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", dtype, left), maker.input("y", dtype, right)
    program = maker.program(**{operator: maker.binary(operator, x, y, dtype="bool") for operator in MIRRORED})
    random = np.random.default_rng(0)
    feeds = {name: random.integers(0, 3, shape).astype(dtype) for name, shape in (("x", left), ("y", right))}
    legalised(program, feeds, "paddlelite")
