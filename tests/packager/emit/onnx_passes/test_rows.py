from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import ModelProto, NodeProto, helper

from packager.emit.onnx_passes.rows import positions_to_rows
from tests.support.onnx_models import FLOAT, Shape, model, value

RANDOM = np.random.default_rng(0)
WIDE, NARROW = 6, 4
WEIGHTS = {
    "up": RANDOM.normal(size=(NARROW, WIDE)).astype(np.float32),
    "up.bias": RANDOM.normal(size=WIDE).astype(np.float32),
    "down": RANDOM.normal(size=(WIDE, NARROW)).astype(np.float32),
    "down.bias": RANDOM.normal(size=NARROW).astype(np.float32),
    "norm": RANDOM.normal(size=NARROW).astype(np.float32),
    "half": np.array(0.5, np.float32),
    "places": RANDOM.normal(size=(1, 3, NARROW)).astype(np.float32),
    "turned": RANDOM.normal(size=(3, WIDE)).astype(np.float32),
    "square": np.array([-1, 3, NARROW]),
}
UP = [helper.make_node("MatMul", ["x", "up"], ["p"]), helper.make_node("Add", ["up.bias", "p"], ["h"])]
TURNED = [
    helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1]),
    helper.make_node("MatMul", ["t", "turned"], ["p"]),
    UP[1],
]
LAYER = [
    helper.make_node("LayerNormalization", ["x", "norm", "down.bias"], ["n"], axis=2),
    helper.make_node("MatMul", ["n", "up"], ["p"]),
    helper.make_node("Add", ["p", "up.bias"], ["h"]),
    helper.make_node("Erf", ["h"], ["e"]),
    helper.make_node("Mul", ["e", "half"], ["g"]),
    helper.make_node("MatMul", ["g", "down"], ["q"]),
    helper.make_node("Add", ["q", "down.bias"], ["d"]),
    helper.make_node("Add", ["d", "x"], ["y"]),
]


def made_of(nodes: Sequence[NodeProto], x: Shape = ("batch", 3, NARROW), **outputs: Shape) -> ModelProto:
    used = {name for node in nodes for name in node.input}
    weights = {name: array for name, array in WEIGHTS.items() if name in used}
    return model(nodes, [value("x", FLOAT, x)], [value(name, FLOAT, shape) for name, shape in outputs.items()], weights)


def on_rows(made: ModelProto, *sizes: int) -> Counter[str]:
    """The operators of the rewritten model, which must give what the first gives for an input of these sizes."""
    copy = ModelProto.FromString(made.SerializeToString())
    positions_to_rows(copy.graph)
    onnx.checker.check_model(copy, full_check=True)
    x = RANDOM.normal(size=sizes).astype(np.float32)
    for one, other in zip(run(copy, x), run(made, x), strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)
    return Counter(node.op_type for node in copy.graph.node)


def run(made: ModelProto, x: np.ndarray) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(made.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found


@pytest.mark.parametrize("batch", [1, 4])
def test_a_layer_is_on_rows_from_its_input_to_its_output(batch: int) -> None:
    found = on_rows(made_of(LAYER, y=("batch", 3, NARROW)), batch, 3, NARROW)
    assert found["Gemm"] == 2
    assert found["MatMul"] == 0
    assert found["Reshape"] == 2


def test_what_is_read_in_two_places_is_shaped_once_for_each_form() -> None:
    places = [*LAYER, helper.make_node("Add", ["h", "h"], ["s"]), helper.make_node("Add", ["y", "places"], ["z"])]
    found = on_rows(made_of(places, z=("batch", 3, NARROW), h=("batch", 3, WIDE), s=("batch", 3, WIDE)), 2, 3, NARROW)
    assert found["Gemm"] == 2
    assert found["Shape"] == 1  # the front is the same, however wide the features are


def test_sizes_that_a_reshape_names_need_no_shape() -> None:
    square = helper.make_node("Reshape", ["x", "square"], ["s"])
    product = helper.make_node("MatMul", ["s", "up"], ["p"])
    found = on_rows(made_of([square, product, UP[1]], h=(None, 3, WIDE)), 2, 3, NARROW)
    assert (found["Gemm"], found["Shape"]) == (1, 0)


def test_what_was_transposed_is_normed_before_it_becomes_rows() -> None:
    turned = helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 1])
    norm = helper.make_node("LayerNormalization", ["t", "norm", "down.bias"], ["n"])
    made = made_of([turned, norm, *LAYER[1:3]], x=("batch", NARROW, 3), h=("batch", 3, WIDE))
    copy = ModelProto.FromString(made.SerializeToString())
    positions_to_rows(copy.graph)
    assert [node.input[0] for node in copy.graph.node if node.op_type == "Shape"] == ["n"]
    assert on_rows(made, 2, NARROW, 3)["Gemm"] == 1


@pytest.mark.parametrize("rank", [2, 4])
def test_any_rank_comes_back_as_it_was(rank: int) -> None:
    sizes = (2, 5, 3, NARROW)[-rank:]
    found = on_rows(made_of(UP, x=[*map(str, sizes[:-1]), NARROW], h=[*map(str, sizes[:-1]), WIDE]), *sizes)
    assert found["Gemm"] == 1
    assert found["Reshape"] == (0 if rank == 2 else 2)


@pytest.mark.parametrize(
    "nodes",
    [
        pytest.param([helper.make_node("MatMul", ["x", "up"], ["h"])], id="without a bias"),
        pytest.param([UP[0], helper.make_node("Add", ["p", "half"], ["h"])], id="with one number"),
        pytest.param(TURNED, id="behind a transpose"),
    ],
)
def test_where_it_does_not_pay_nothing_changes(nodes: list[NodeProto]) -> None:
    made = made_of(nodes, h=("batch", None, WIDE))
    assert on_rows(made, 2, 3, NARROW) == Counter(node.op_type for node in nodes)
