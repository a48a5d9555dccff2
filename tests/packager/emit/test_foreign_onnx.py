from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, helper

from packager.emit.foreign_onnx import tidy
from packager.emit.operator_set import operator_set, raised
from tests.support.onnx_models import FLOAT, model, value

WEIGHT = np.random.default_rng(0).normal(size=(4, 3, 1, 1)).astype(np.float32)
SHIFT = np.random.default_rng(1).normal(size=(1, 4, 1, 1)).astype(np.float32)


def shifted(opset: int) -> ModelProto:
    """A convolution, a shift behind Identity nodes, and sizes of 1 that are dropped, as of operator set 11."""
    nodes = [
        helper.make_node("Conv", ["x", "weight"], ["a"]),
        helper.make_node("Identity", ["a"], ["b"]),
        helper.make_node("Add", ["b", "shift"], ["c"]),
        helper.make_node("Identity", ["c"], ["d"]),
        helper.make_node("GlobalAveragePool", ["d"], ["e"]),
        helper.make_node("Squeeze", ["e"], ["y"], axes=[2, 3]),
    ]
    inputs, outputs = [value("x", FLOAT, ["batch", 3, 5, 4])], [value("y", FLOAT, ["batch", 4])]
    return model(nodes, inputs, outputs, {"weight": WEIGHT, "shift": SHIFT}, opset)


def run(made: ModelProto) -> np.ndarray:
    x = np.random.default_rng(2).normal(size=(2, 3, 5, 4)).astype(np.float32)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found[0]


@pytest.mark.parametrize("opset", [11, 12])
def test_a_slightly_old_model_is_raised_and_tidied(opset: int) -> None:
    made = shifted(opset)
    found = raised(made)
    tidy(found)
    assert [node.op_type for node in found.graph.node] == ["Conv", "GlobalAveragePool", "Squeeze"]
    np.testing.assert_allclose(run(found), run(made), rtol=1e-5, atol=1e-6)


def test_an_older_one_stays_as_it_is() -> None:
    made = shifted(10)
    found = raised(made)
    assert found is made
    tidy(found)
    assert [node.op_type for node in found.graph.node].count("Identity") == 2


def test_one_of_operators_of_others_stays_as_it_is() -> None:
    made = shifted(11)
    made.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    assert raised(made) is made
    assert operator_set(made) == 11
