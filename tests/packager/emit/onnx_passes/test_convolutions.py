from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, NodeProto, helper

from packager.emit.onnx_passes.convolutions import fold_affine
from tests.support.onnx_models import FLOAT, model, value

RANDOM = np.random.default_rng(0)
OPEN: list[str | int | None] = ["batch", None, None, None]


def numbers(*shape: int) -> np.ndarray:
    return RANDOM.uniform(0.5, 1.5, shape).astype(np.float32)


WEIGHTS = {
    "dense": numbers(6, 4, 1, 1),
    "bias": numbers(6),
    "wide": numbers(4, 4, 3, 3),
    "each": numbers(4, 1, 3, 3),
    "up": numbers(4, 6, 2, 2),
    "scale": numbers(1),
    "shift": numbers(1),
    "scales": numbers(1, 6, 1, 1),
    "shifts": numbers(6, 1, 1),
    "columns": numbers(4),
    "gain": numbers(6),
    "offset": numbers(6),
    "mean": numbers(6),
    "variance": numbers(6),
    "long": numbers(1, 1, 1, 1, 1),
    "tiny": np.full(1, 1e-6, np.float32),
}
NORMALISE = ("BatchNormalization", "gain", "offset", "mean", "variance")
CONV, WIDE, EACH = ("Conv", "dense", "bias"), ("Conv", "wide"), ("Conv", "each")
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "wide": {"pads": [1, 1, 1, 1]},
    "each": {"pads": [1, 1, 1, 1], "group": 4},
    "up": {"strides": [2, 2]},
}


def chain(*layers: Sequence[str], shown: str = "") -> ModelProto:
    """Nodes one behind the other, each its operator and its constants; the output of node n is `n`."""
    nodes: list[NodeProto] = []
    for at, (operator, *constants) in enumerate(layers):
        attributes = ATTRIBUTES.get(constants[0], {}) if constants else {}
        nodes.append(helper.make_node(operator, [str(at - 1) if at else "x", *constants], [str(at)], **attributes))
    used = {name: WEIGHTS[name] for _, *constants in layers for name in constants}
    outputs = [value(name, FLOAT, OPEN) for name in (str(len(layers) - 1), *([shown] if shown else []))]
    return model(nodes, [value("x", FLOAT, ["batch", 4, 5, 4])], outputs, used)


def run(made: ModelProto) -> list[np.ndarray]:
    x = np.random.default_rng(1).normal(size=(2, 4, 5, 4)).astype(np.float32)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found


def folded(made: ModelProto) -> ModelProto:
    copy = ModelProto.FromString(made.SerializeToString())
    fold_affine(copy.graph)
    return copy


SCALE, SHIFT, RELU = ("Mul", "scale"), ("Add", "shift"), ("Relu",)


@pytest.mark.parametrize(
    ("layers", "left"),
    [
        ([CONV, SCALE, SHIFT], ["Conv"]),
        ([WIDE, SHIFT, SCALE], ["Conv"]),
        ([CONV, ("Mul", "scales"), ("Add", "shifts")], ["Conv"]),
        ([CONV, NORMALISE, SCALE], ["Conv"]),
        ([("ConvTranspose", "up"), ("Add", "scales"), NORMALISE], ["ConvTranspose"]),
        ([SCALE, SHIFT, CONV], ["Conv"]),
        ([SCALE, EACH], ["Conv"]),
        ([EACH, RELU, SCALE, SHIFT, CONV], ["Conv", "Relu", "Conv"]),
        # Behind a shift there is padding, which is zero.
        ([SHIFT, EACH], ["Add", "Conv"]),
        ([SCALE, SHIFT, WIDE], ["Add", "Conv"]),
        ([("Mul", "tiny"), SHIFT, WIDE], ["Mul", "Add", "Conv"]),
        # One number for each column is none for each channel.
        ([WIDE, ("Mul", "columns")], ["Conv", "Mul"]),
        ([CONV, RELU, ("Mul", "scales"), RELU], ["Conv", "Relu", "Mul", "Relu"]),
        ([CONV, ("Mul", "long")], ["Conv", "Mul"]),
    ],
)
def test_what_is_left(layers: list[tuple[str, ...]], left: list[str]) -> None:
    made = chain(*layers)
    found = folded(made)
    assert [node.op_type for node in found.graph.node] == left
    read = {name for node in found.graph.node for name in node.input}
    assert {tensor.name for tensor in found.graph.initializer} <= read
    for one, other in zip(run(found), run(made), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize("made", [chain(CONV, SCALE, shown="0"), chain(SCALE, CONV, shown="0")])
def test_what_others_read_stays(made: ModelProto) -> None:
    assert folded(made) == made


def test_a_product_of_two_features_is_no_scale() -> None:
    nodes = [
        helper.make_node("GlobalAveragePool", ["x"], ["gate"]),
        helper.make_node("Mul", ["x", "gate"], ["gated"]),
        helper.make_node("Conv", ["gated", "dense"], ["y"]),
    ]
    made = model(
        nodes,
        [value("x", FLOAT, ["batch", 4, 5, 4])],
        [value("y", FLOAT, OPEN)],
        {"dense": WEIGHTS["dense"]},
    )
    assert folded(made) == made


def test_half_of_a_gelu_stays_with_it() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "wide"], ["a"], **ATTRIBUTES["wide"]),
        helper.make_node("Div", ["a", "root"], ["b"]),
        helper.make_node("Erf", ["b"], ["c"]),
        helper.make_node("Add", ["c", "one"], ["d"]),
        helper.make_node("Mul", ["a", "d"], ["e"]),
        helper.make_node("Mul", ["e", "half"], ["f"]),
        helper.make_node("Conv", ["f", "dense"], ["y"]),
    ]
    constants = {
        name: np.full((), number, np.float32) for name, number in (("root", 2**0.5), ("one", 1), ("half", 0.5))
    }
    weights = {name: WEIGHTS[name] for name in ("wide", "dense")} | constants
    made = model(nodes, [value("x", FLOAT, ["batch", 4, 5, 4])], [value("y", FLOAT, OPEN)], weights)
    assert folded(made) == made


def test_a_weight_that_others_read_keeps_its_numbers() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "wide"], ["a"], **ATTRIBUTES["wide"]),
        helper.make_node("Mul", ["a", "scale"], ["b"]),
        helper.make_node("Conv", ["b", "wide"], ["c"], **ATTRIBUTES["wide"]),
    ]
    made = model(
        nodes,
        [value("x", FLOAT, ["batch", 4, 5, 4])],
        [value("c", FLOAT, OPEN)],
        {name: WEIGHTS[name] for name in ("wide", "scale")},
    )
    found = folded(made)
    assert [node.op_type for node in found.graph.node] == ["Conv", "Conv"]
    np.testing.assert_allclose(run(found)[0], run(made)[0], rtol=2e-5, atol=1e-5)
