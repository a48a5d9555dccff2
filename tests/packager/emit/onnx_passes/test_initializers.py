from __future__ import annotations

import numpy as np
from onnx import GraphProto, helper, numpy_helper

from packager.emit.onnx_passes.initializers import constants_to_initializers


def constant(name: str, value: object, dtype: str = "float32") -> object:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.asarray(value, dtype)))


def test_constants_become_initializers_once() -> None:
    nodes = [
        constant("a", [1, 2]),
        constant("b", [1, 2]),
        constant("other shape", [[1, 2]]),
        constant("other dtype", [1, 2], "int32"),
        constant("unused", [7]),
        helper.make_node("Sum", ["a", "b", "other shape", "other dtype"], ["y"]),
    ]
    graph: GraphProto = helper.make_graph(nodes, "g", [], [helper.make_tensor_value_info("y", 1, None)])
    constants_to_initializers(graph)
    assert [tensor.name for tensor in graph.initializer] == ["a", "other shape", "other dtype"]
    assert [list(node.input) for node in graph.node] == [["a", "a", "other shape", "other dtype"]]
    np.testing.assert_array_equal(numpy_helper.to_array(graph.initializer[1]), np.array([[1, 2]], np.float32))


def test_one_value_in_two_encodings_is_one_initializer() -> None:
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["y"])], "g", [], [])
    graph.initializer.append(helper.make_tensor("a", 1, [2], [1.0, 2.0]))  # float_data
    graph.initializer.append(numpy_helper.from_array(np.array([1, 2], np.float32), "b"))  # raw_data
    constants_to_initializers(graph)
    assert [tensor.name for tensor in graph.initializer] == ["a"]
