from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from packager.emit.onnx_passes.fold_weights import fold_weights

WEIGHT = np.arange(24, dtype=np.float32).reshape(2, 1, 3, 4)


@pytest.mark.parametrize(
    ("kind", "second", "attributes"),
    [
        ("Cast", None, {"to": onnx.TensorProto.INT64}),
        ("Identity", None, {}),
        ("Reshape", [0, -1], {}),
        ("Reshape", [4, 6], {}),
        ("Squeeze", [1], {}),
        ("Transpose", None, {"perm": [3, 0, 2, 1]}),
        ("Transpose", None, {}),
        ("Unsqueeze", [0, -1], {}),
    ],
)
def test_the_fold_is_what_onnx_says(kind: str, second: list[int] | None, attributes: dict[str, object]) -> None:
    inputs = ["w"] if second is None else ["w", "second"]
    nodes = [
        helper.make_node(kind, inputs, ["folded"], **attributes),
        helper.make_node("Size", ["folded"], ["count"]),
        helper.make_node("Identity", ["folded"], ["again"]),
    ]
    graph = helper.make_graph(nodes, "g", [], [helper.make_tensor_value_info(n, 1, None) for n in ("again", "count")])
    graph.initializer.append(numpy_helper.from_array(WEIGHT, "w"))
    if second is not None:
        graph.initializer.append(numpy_helper.from_array(np.array(second, np.int64), "second"))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    expected = ReferenceEvaluator(model).run(["again"], {})[0]
    fold_weights(model.graph)
    assert [node.op_type for node in model.graph.node] == ["Size"]
    (found,) = (t for t in model.graph.initializer if t.name == "again")
    np.testing.assert_array_equal(numpy_helper.to_array(found), expected, strict=True)


def test_what_depends_on_an_input_stays() -> None:
    graph = helper.make_graph([helper.make_node("Transpose", ["x"], ["y"])], "g", [], [])
    fold_weights(graph)
    assert len(graph.node) == 1
