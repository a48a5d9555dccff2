from __future__ import annotations

import numpy as np

from packager.lower.legalise.compare_broadcast import MIRRORED
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


def test_bools_are_compared_in_onnx() -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", "bool", ("batch", 4)), maker.input("y", "bool", (1, 4))
    program = maker.program(**{operator: maker.binary(operator, x, y, dtype="bool") for operator in MIRRORED})
    random = np.random.default_rng(0)
    feeds = {"x": random.random((3, 4)) > 0.5, "y": random.random((1, 4)) > 0.5}
    made = legalised(program, feeds, "onnxruntime")
    assert [op.attrs["out_dtype"] for op in made.ops if op.type == "cast"] == [2, 2] * len(MIRRORED)
