from __future__ import annotations

from onnx import helper

from packager.emit.onnx_passes.names import name_nodes


def test_nodes_and_what_they_make_are_numbered_by_type() -> None:
    nodes = [
        helper.make_node("Relu", ["x"], ["helper.7"]),
        helper.make_node("Split", ["helper.7"], ["helper.8", "y"]),
        helper.make_node("Relu", ["helper.8"], ["z"]),
    ]
    graph = helper.make_graph(nodes, "g", [], [helper.make_tensor_value_info(name, 1, None) for name in ("y", "z")])
    name_nodes(graph)
    assert [(node.name, list(node.input), list(node.output)) for node in graph.node] == [
        ("Relu_0", ["x"], ["Relu_0_out0"]),
        ("Split_0", ["Relu_0_out0"], ["Split_0_out0", "y"]),
        ("Relu_1", ["Split_0_out0"], ["z"]),
    ]
