from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, helper

from packager.emit.onnx_passes.concatenations import concatenations_to_sums
from tests.support.onnx_models import FLOAT, model, value

RANDOM = np.random.default_rng(0)
WEIGHTS = {
    "first": RANDOM.normal(size=(5, 3, 1, 1)).astype(np.float32),
    "other": RANDOM.normal(size=(4, 5, 1, 1)).astype(np.float32),
    "last": RANDOM.normal(size=(6, 9, 3, 3)).astype(np.float32),
    "bias": RANDOM.normal(size=6).astype(np.float32),
}


def stem(*, step: int = 2, axis: int = 1, source: str = "b", shown: str = "y", biased: bool = True) -> ModelProto:
    """An image, and what a convolution makes of it, side by side, are shrunk together."""
    nodes = [
        helper.make_node("Conv", ["x", "first"], ["a"]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("MaxPool", [source], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Conv", ["b", "other"], ["d"]),
        helper.make_node("Concat", ["c", "d"], ["e"], axis=axis),
        helper.make_node(
            "Conv", ["e", "last", *["bias"] * biased], ["f"], strides=[step, step], pads=[1, 1, 1, 1], group=1
        ),
        helper.make_node("Relu", ["f"], ["y"]),
    ]
    used = {name: array for name, array in WEIGHTS.items() if biased or name != "bias"}
    outputs = [value(name, FLOAT, ["batch", None, None, None]) for name in shown.split()]
    inputs = [value("x", FLOAT, ["batch", 3, "height", "width"])]
    if source == "z":
        inputs.append(value("z", FLOAT, ["batch", 5, "height", "width"]))
    return model(nodes, inputs, outputs, used)


def rewritten(made: ModelProto) -> ModelProto:
    copy = ModelProto.FromString(made.SerializeToString())
    concatenations_to_sums(copy.graph)
    return copy


def run(made: ModelProto) -> np.ndarray:
    x = np.random.default_rng(1).normal(size=(2, 3, 7, 9)).astype(np.float32)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found[0]


@pytest.mark.parametrize("biased", [True, False])
def test_the_parts_are_summed(biased: bool) -> None:
    made = stem(biased=biased)
    found = rewritten(made)
    left = [node.op_type for node in found.graph.node]
    assert left == ["Conv", "Relu", "MaxPool", "Conv", "Conv", "Conv", "Add", "Relu"]
    assert "last" not in {tensor.name for tensor in found.graph.initializer}
    np.testing.assert_allclose(run(found), run(made), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "made", [stem(step=1), stem(shown="y e"), stem(source="z")], ids=["as large as its parts", "read", "channels"]
)
def test_others_stay(made: ModelProto) -> None:
    assert rewritten(made) == made
