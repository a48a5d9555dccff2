from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


@pytest.mark.parametrize(
    ("shape", "index", "axis"),
    [
        (("batch", 3, "sequence"), ("batch", 3, 2), 2),
        (("batch", "sequence", 3), ("batch", 4, 3), 1),
        ((5, 2), ("sequence", 2), 0),
        ((7,), ("batch",), 0),
    ],
)
def test_is_gathered_from_the_flat_tensor(
    shape: tuple[int | str, ...], index: tuple[int | str, ...], axis: int
) -> None:
    maker = ProgramMaker()
    x, places = maker.input("x", "float32", shape), maker.input("at", "int64", index)
    slots = {"Input": x, "Index": places}
    y = maker.emit("take_along_axis", slots, {"Axis": axis}, out="Result", shape=index)
    random = np.random.default_rng(0)
    feeds: list[dict[str, NDArray[np.generic]]] = []
    for sizes in ({"batch": 1, "sequence": 6}, {"batch": 3, "sequence": 5}):
        value = random.normal(size=[size if isinstance(size, int) else sizes[size] for size in shape])
        at = random.integers(0, value.shape[axis], [size if isinstance(size, int) else sizes[size] for size in index])
        feeds.append({"x": value.astype(np.float32), "at": at})
    made = legalised(maker.program(y=y), feeds, "paddlelite")
    assert "take_along_axis" not in types(made)
