from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, NodeProto, helper

from packager.emit.onnx_passes.patches import patches_to_channels
from tests.support.onnx_models import FLOAT, model, value

RANDOM = np.random.default_rng(0)


def numbers(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


WEIGHTS = {
    "first": numbers(8, 20, 2, 2),
    "first.bias": numbers(20),
    "second": numbers(20, 1, 2, 2),
    "second.bias": numbers(1),
    "thirds": numbers(8, 3, 3, 3),
    "many": numbers(20, 6, 2, 2),
    "grouped": numbers(8, 5, 2, 2),
}


def up(source: str, weight: str, out: str, *bias: str, **attributes: Any) -> NodeProto:
    side = WEIGHTS[weight].shape[2]
    return helper.make_node("ConvTranspose", [source, weight, *bias], [out], **({"strides": [side, side]} | attributes))


def chain(*nodes: NodeProto, shown: str = "y") -> ModelProto:
    read = {name for node in nodes for name in node.input}
    used = {name: array for name, array in WEIGHTS.items() if name in read}
    outputs = [value(name, FLOAT, ["batch", None, None, None]) for name in shown.split()]
    return model(nodes, [value("x", FLOAT, ["batch", 8, "height", "width"])], outputs, used)


def rewritten(made: ModelProto) -> ModelProto:
    copy = ModelProto.FromString(made.SerializeToString())
    patches_to_channels(copy.graph)
    return copy


def run(made: ModelProto) -> list[np.ndarray]:
    x = np.random.default_rng(1).normal(size=(2, 8, 3, 5)).astype(np.float32)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found


RELU = helper.make_node("Relu", ["a"], ["b"])
HEAD = [up("x", "first", "a", "first.bias"), RELU, up("b", "second", "c", "second.bias")]
SIGMOID = helper.make_node("Sigmoid", ["c"], ["y"])


@pytest.mark.parametrize(
    ("made", "left"),
    [
        (chain(up("x", "thirds", "y")), ["Conv", "DepthToSpace"]),
        (chain(*HEAD, SIGMOID), ["Conv", "Relu", "Conv", "Sigmoid", "DepthToSpace"]),
        (chain(up("x", "first", "b"), up("b", "second", "y")), ["Conv", "Conv", "DepthToSpace"]),
        # Two steps of many channels would be products with mostly zeros.
        (chain(up("x", "first", "b"), up("b", "many", "y")), ["Conv", "DepthToSpace", "Conv", "DepthToSpace"]),
        (chain(*HEAD, SIGMOID, shown="y b"), ["Conv", "Relu", "DepthToSpace", "Conv", "Sigmoid", "DepthToSpace"]),
        # Other readers of what is between.
        (
            chain(up("x", "first", "b"), up("b", "second", "y"), shown="y b"),
            ["Conv", "DepthToSpace", "Conv", "DepthToSpace"],
        ),
    ],
)
def test_patches_become_channels(made: ModelProto, left: list[str]) -> None:
    found = rewritten(made)
    assert [node.op_type for node in found.graph.node] == left
    read = {name for node in found.graph.node for name in node.input}
    assert {tensor.name for tensor in found.graph.initializer} <= read
    for one, other in zip(run(found), run(made), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "node",
    [
        up("x", "thirds", "y", strides=[2, 2]),
        up("x", "first", "y", pads=[1, 1, 1, 1]),
        up("x", "first", "y", output_padding=[1, 1]),
        up("x", "first", "y", dilations=[2, 2]),
        up("x", "grouped", "y", group=2),
        up("x", "first", "y", auto_pad="SAME_UPPER"),
    ],
)
def test_patches_that_overlap_or_are_cut_stay(node: NodeProto) -> None:
    made = chain(node)
    assert rewritten(made) == made


def test_channels_that_another_order_spread_stay() -> None:
    nodes = [
        helper.make_node("DepthToSpace", ["x"], ["a"], blocksize=2, mode="CRD"),
        helper.make_node("Relu", ["a"], ["y"]),
    ]
    made = chain(*nodes)
    assert rewritten(made) == made
