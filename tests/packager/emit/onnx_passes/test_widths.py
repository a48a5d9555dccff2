from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import ModelProto, NodeProto, helper

from packager.emit.onnx_passes.widths import LINE, PAGE, widen_layers
from tests.support.onnx_models import FLOAT, Shape, model, value

RANDOM = np.random.default_rng(0)
INNER, OUTER = PAGE, 6
WEIGHTS = {
    "up": RANDOM.normal(size=(OUTER, INNER)).astype(np.float32),
    "gate": RANDOM.normal(size=(OUTER, INNER)).astype(np.float32),
    "bias": RANDOM.normal(size=INNER).astype(np.float32),
    "places": RANDOM.normal(size=(1, 3, INNER)).astype(np.float32),
    "down": RANDOM.normal(size=(INNER, OUTER)).astype(np.float32),
    "down.bias": RANDOM.normal(size=OUTER).astype(np.float32),
    "half": np.array(0.5, np.float32),
    "scale": np.ones(INNER, np.float32),
    "few": RANDOM.normal(size=(OUTER, INNER // 2)).astype(np.float32),
    "short": RANDOM.normal(size=(INNER // 2, OUTER)).astype(np.float32),
}


def node(kind: str, inputs: str, output: str, **attributes: object) -> NodeProto:
    return helper.make_node(kind, inputs.split(), [output], **attributes)


GELU = [node("Erf", "h", "e"), node("Mul", "e half", "m"), node("Mul", "h m", "a")]
DOWN = node("MatMul", "a down", "y")
ROWS = [node("Gemm", "x up bias", "h"), *GELU, node("Gemm", "a down down.bias", "y")]
TOKENS = [node("MatMul", "x up", "p"), node("Add", "bias p", "s"), node("Add", "s places", "h"), *GELU, DOWN]
GATED = [
    node("MatMul", "x up", "p"),
    node("Sigmoid", "p", "g"),
    node("MatMul", "x gate", "h"),
    node("Mul", "g h", "a"),
    DOWN,
]
TWICE = [
    node("MatMul", "x up", "h"),
    node("Relu", "h", "a"),
    DOWN,
    node("MatMul", "y up", "h2"),
    node("Relu", "h2", "a2"),
    node("MatMul", "a2 down", "z"),
]


def made_of(nodes: Sequence[NodeProto], **outputs: Shape) -> ModelProto:
    used = {name for one in nodes for name in one.input}
    weights = {name: array for name, array in WEIGHTS.items() if name in used}
    x: Shape = ["batch", OUTER] if nodes[0].op_type == "Gemm" else ["batch", 3, OUTER]
    shapes = outputs or {nodes[-1].output[0]: x}
    return model(nodes, [value("x", FLOAT, x)], [value(name, FLOAT, shape) for name, shape in shapes.items()], weights)


def widened(made: ModelProto, batch: int = 2) -> dict[str, list[int]]:
    """Sizes of the weights of the rewritten model, which must give what the first gives, and has the same nodes."""
    copy = ModelProto.FromString(made.SerializeToString())
    widen_layers(copy.graph)
    onnx.checker.check_model(copy, full_check=True)
    assert [one.op_type for one in copy.graph.node] == [one.op_type for one in made.graph.node]
    sizes = [batch if size.dim_param else size.dim_value for size in made.graph.input[0].type.tensor_type.shape.dim]
    x = RANDOM.normal(size=sizes).astype(np.float32)
    for one, other in zip(run(copy, x), run(made, x), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5 * np.abs(other).max())
    return {tensor.name: list(tensor.dims) for tensor in copy.graph.initializer}


def run(made: ModelProto, x: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found


@pytest.mark.parametrize("batch", [1, 13])
@pytest.mark.parametrize("nodes", [ROWS, TOKENS, GATED])
def test_the_layer_is_a_line_wider_all_through(nodes: list[NodeProto], batch: int) -> None:
    found = widened(made_of(nodes), batch)
    inner = {name: dims for name, dims in found.items() if "wider" in name or "ignoring" in name}
    assert all(INNER + LINE in dims for dims in inner.values())
    assert not any(INNER in dims for dims in found.values())


def test_layers_that_share_their_weights_share_these() -> None:
    assert sorted(widened(made_of(TWICE))) == ["down.ignoring", "up.wider"]


def test_what_comes_to_the_new_features_does_not_matter() -> None:
    made = made_of(ROWS)
    widen_layers(made.graph)
    (weight,) = (tensor for tensor in made.graph.initializer if tensor.name == "down.ignoring")
    assert not onnx.numpy_helper.to_array(weight)[INNER:].any()


@pytest.mark.parametrize(
    "nodes",
    [
        pytest.param(
            [node("MatMul", "x few", "p"), node("Relu", "p", "a"), node("MatMul", "a short", "y")], id="half a page"
        ),
        pytest.param([node("MatMul", "x up", "p"), node("LayerNormalization", "p scale bias", "a"), DOWN], id="normed"),
        pytest.param([node("MatMul", "x up", "p"), node("Softmax", "p", "a"), DOWN], id="shares"),
    ],
)
def test_other_layers_stay(nodes: list[NodeProto]) -> None:
    made = made_of(nodes)
    assert set(widened(made)) == {tensor.name for tensor in made.graph.initializer}


@pytest.mark.parametrize("shown", ["h", "p"])
def test_a_layer_that_something_else_reads_stays(shown: str) -> None:
    made = made_of(TOKENS, y=("batch", 3, OUTER), **{shown: ("batch", 3, INNER)})
    assert set(widened(made)) == {tensor.name for tensor in made.graph.initializer}
