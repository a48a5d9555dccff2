from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, helper

from packager.emit.onnx_passes.gates import add_one_to_gates
from tests.support.onnx_models import FLOAT, model, value

SHAPE: list[str | int | None] = ["batch", 3, 5, 4]


def gated(*, product: tuple[str, str], total: tuple[str, str], mean: bool = True, shown: bool = False) -> ModelProto:
    """A gate from the means of `x`'s channels (or of its values, where `mean` is false) and a sum with the product."""
    nodes = [
        helper.make_node("GlobalAveragePool" if mean else "Relu", ["x"], ["squeezed"]),
        helper.make_node("HardSigmoid", ["squeezed"], ["gate"]),
        helper.make_node("Mul", list(product), ["product"]),
        helper.make_node("Add", list(total), ["y"]),
    ]
    outputs = [value(name, FLOAT, SHAPE) for name in ("y", *["product"] * shown)]
    return model(nodes, [value("x", FLOAT, SHAPE), value("z", FLOAT, SHAPE)], outputs, {})


def rewritten(made: ModelProto) -> ModelProto:
    copy = ModelProto.FromString(made.SerializeToString())
    add_one_to_gates(copy.graph)
    return copy


def run(made: ModelProto) -> np.ndarray:
    random = np.random.default_rng(0)
    feeds = {name: random.normal(size=(2, 3, 5, 4)).astype(np.float32) for name in ("x", "z")}
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(["y"], feeds)
    return found[0]


@pytest.mark.parametrize("product", [("x", "gate"), ("gate", "x")])
@pytest.mark.parametrize("total", [("x", "product"), ("product", "x")])
def test_the_sum_is_of_the_gate_alone(product: tuple[str, str], total: tuple[str, str]) -> None:
    made = gated(product=product, total=total)
    found = rewritten(made)
    assert [node.op_type for node in found.graph.node] == ["GlobalAveragePool", "HardSigmoid", "Add", "Mul"]
    np.testing.assert_allclose(run(found), run(made), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "made",
    [
        gated(product=("x", "gate"), total=("z", "product")),
        gated(product=("x", "gate"), total=("x", "product"), mean=False),
        gated(product=("x", "gate"), total=("x", "product"), shown=True),
    ],
)
def test_other_sums_stay(made: ModelProto) -> None:
    assert rewritten(made) == made
