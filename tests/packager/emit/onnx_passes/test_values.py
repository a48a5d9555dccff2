from __future__ import annotations

import numpy as np
from onnx import helper

from packager.emit.onnx_passes.values import drop_unread
from tests.support.onnx_models import FLOAT, model, value


def test_what_nothing_reads_is_dropped_and_outputs_are_kept() -> None:
    weights = {name: np.ones(2, np.float32) for name in ("read", "shown", "unread")}
    outputs = [value(name, FLOAT, [2]) for name in ("y", "shown")]
    made = model([helper.make_node("Add", ["x", "read"], ["y"])], [value("x", FLOAT, [2])], outputs, weights)
    drop_unread(made.graph)
    assert [tensor.name for tensor in made.graph.initializer] == ["read", "shown"]
