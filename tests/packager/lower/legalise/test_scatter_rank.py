from __future__ import annotations

import numpy as np

from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


def test_a_vector_is_written_as_a_matrix() -> None:
    maker = ProgramMaker()
    x, index = maker.input("x", "float32", (5,)), maker.input("at", "int64", ("batch", 1))
    values = maker.input("values", "float32", ("batch",))
    y = maker.emit("scatter_nd_add", {"X": x, "Index": index, "Updates": values})
    feeds = {
        "x": np.arange(5, dtype=np.float32),
        "at": np.array([[3], [0], [3]]),
        "values": np.array([1, 2, 4], np.float32),
    }
    made = legalised(maker.program(y=y), feeds, "paddlelite")
    (scatter,) = (op for op in made.ops if op.type == "scatter_nd_add")
    assert made.variables[scatter.inputs["X"][0]].shape == (5, 1)
