from __future__ import annotations

import pytest
from onnx import helper

from edge.manifest import TensorSpec
from packager.emit.onnx_passes.signatures import sign
from packager.errors import ToolError

X = TensorSpec(name="x", dtype="int64", shape=("batch", "sequence"))
Y = TensorSpec(name="y", dtype="float32", shape=("batch", 3))
SCALAR = TensorSpec(name="y", dtype="float32", shape=())


def test_specs_replace_what_was_claimed() -> None:
    claims = [helper.make_tensor_value_info(name, 1, shape) for name, shape in (("x", ["a"]), ("y", [0]), ("v", [1]))]
    graph = helper.make_graph([], "g", claims[:1], claims[1:2], value_info=claims[2:])
    sign(graph, [X], [Y])
    assert not graph.value_info
    assert graph.input[0] == helper.make_tensor_value_info("x", 7, ["batch", "sequence"])
    assert graph.output[0] == helper.make_tensor_value_info("y", 1, ["batch", 3])
    sign(graph, [X], [SCALAR])
    assert graph.output[0] == helper.make_tensor_value_info("y", 1, [1])


def test_other_names_are_refused() -> None:
    graph = helper.make_graph([], "g", [helper.make_tensor_value_info("t_335", 1, None)], [])
    with pytest.raises(ToolError, match="t_335"):
        sign(graph, [X], [])
