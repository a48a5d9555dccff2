from __future__ import annotations

import numpy as np
import pytest

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("rank", [2, 3, 4])
def test_a_product_with_a_weight(transposed: bool, rank: int) -> None:
    random = np.random.default_rng(0)
    maker = ProgramMaker()
    lead = ("batch", "sequence", 2)[: rank - 1]
    x = maker.input("x", "float32", (*lead, 4))
    weight = maker.constant(random.normal(size=(5, 4) if transposed else (4, 5)).astype(np.float32))
    y = maker.emit("matmul_v2", {"X": x, "Y": weight}, {"trans_x": False, "trans_y": transposed}, shape=(*lead, 5))
    feeds = [{"x": random.normal(size=(*sizes[: rank - 1], 4)).astype(np.float32)} for sizes in ((1, 7, 2), (3, 2, 2))]
    assert types(legalised(maker.program(y=y), feeds, "paddlelite")) == ["mul"]


def test_a_product_of_two_computed_tensors_stays() -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", "float32", ("batch", 3, 4)), maker.input("y", "float32", ("batch", 4, 2))
    z = maker.emit("matmul_v2", {"X": x, "Y": y}, {"trans_x": False, "trans_y": False}, shape=("batch", 3, 2))
    random = np.random.default_rng(0)
    feeds = {name: random.normal(size=size).astype(np.float32) for name, size in (("x", (2, 3, 4)), ("y", (2, 4, 2)))}
    assert types(legalised(maker.program(z=z), feeds, "paddlelite")) == ["matmul_v2"]
