from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import ModelProto, NodeProto, helper

from packager.emit.onnx_passes.channels import TO_LAST, TO_SECOND, sum_channels_last
from tests.support.onnx_models import FLOAT, Shape, model, value

RANDOM = np.random.default_rng(0)
CHANNELS, SIDE = 16, 6
WEIGHTS = {
    "kernel": RANDOM.normal(size=(CHANNELS, 1, 3, 3)).astype(np.float32),
    "point": RANDOM.normal(size=(CHANNELS, CHANNELS, 1, 1)).astype(np.float32),
    "scale": RANDOM.normal(size=CHANNELS).astype(np.float32),
    "layer": RANDOM.normal(size=(CHANNELS, CHANNELS)).astype(np.float32),
    "shift": RANDOM.normal(size=(1, CHANNELS, 1, 1)).astype(np.float32),
}


def block(x: str, name: str, *, swapped: bool = False) -> list[NodeProto]:
    """Of ConvNeXt: a convolution of each channel, a layer on the channels, and the sum with what came."""
    both = [f"{name}.turned", x] if swapped else [x, f"{name}.turned"]
    return [
        helper.make_node("Conv", [x, "kernel"], [f"{name}.conv"], group=CHANNELS, pads=[1, 1, 1, 1]),
        helper.make_node("Transpose", [f"{name}.conv"], [f"{name}.last"], perm=TO_LAST),
        helper.make_node("LayerNormalization", [f"{name}.last", "scale"], [f"{name}.norm"]),
        helper.make_node("MatMul", [f"{name}.norm", "layer"], [f"{name}.layer"]),
        helper.make_node("Transpose", [f"{name}.layer"], [f"{name}.turned"], perm=TO_SECOND),
        helper.make_node("Add", both, [name]),
    ]


STEM = helper.make_node("Conv", ["x", "point"], ["stem"])
STAGE = [
    STEM,
    *block("stem", "one"),
    *block("one", "two", swapped=True),
    helper.make_node("Conv", ["two", "point"], ["y"]),
]


def made_of(nodes: Sequence[NodeProto], *outputs: str) -> ModelProto:
    used = {name for node in nodes for name in node.input}
    weights = {name: array for name, array in WEIGHTS.items() if name in used}
    shape: Shape = ["batch", CHANNELS, SIDE, SIDE]
    return model(nodes, [value("x", FLOAT, shape)], [value(name, FLOAT, shape) for name in outputs or ("y",)], weights)


def rewritten(made: ModelProto) -> ModelProto:
    """What it becomes, which must give what it gave."""
    copy = ModelProto.FromString(made.SerializeToString())
    sum_channels_last(copy.graph)
    onnx.checker.check_model(copy, full_check=True)
    for batch in (1, 3):
        x = RANDOM.normal(size=(batch, CHANNELS, SIDE, SIDE)).astype(np.float32)
        for one, other in zip(run(copy, x), run(made, x), strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)
    return copy


def run(made: ModelProto, x: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found


def sums(made: ModelProto) -> list[list[str]]:
    return [list(node.input) for node in made.graph.node if node.op_type == "Add"]


def test_a_stage_is_summed_with_its_channels_last() -> None:
    assert sums(rewritten(made_of(STAGE))) == [["stem.last", "one.layer"], ["two.layer", "one.last.sum"]]


def test_sums_are_outputs_as_they_were() -> None:
    rewritten(made_of(STAGE, "y", "one", "two"))


@pytest.mark.parametrize("other", ["x", "shift"])
def test_other_sums_stay(other: str) -> None:
    nodes = [STEM, *block("stem", "one")[:-1], helper.make_node("Add", [other, "one.turned"], ["y"])]
    made = made_of(nodes)
    assert rewritten(made) == made
