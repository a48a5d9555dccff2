from __future__ import annotations

from onnx import GraphProto, helper

from packager.emit.onnx_passes.identities import drop_identities


def graph(*nodes: tuple[str, str, str]) -> GraphProto:
    made = [helper.make_node(kind, [source], [result]) for kind, source, result in nodes]
    values = [helper.make_tensor_value_info(name, 1, [2]) for name in ("x", "y")]
    return helper.make_graph(made, "g", values[:1], values[1:])


def wiring(made: GraphProto) -> list[tuple[str, str, str]]:
    drop_identities(made)
    return [(node.op_type, node.input[0], node.output[0]) for node in made.node]


def test_a_chain_in_the_middle() -> None:
    nodes = (("Relu", "x", "a"), ("Identity", "a", "b"), ("Identity", "b", "c"), ("Relu", "c", "y"))
    assert wiring(graph(*nodes)) == [("Relu", "x", "a"), ("Relu", "a", "y")]


def test_one_that_makes_an_output() -> None:
    assert wiring(graph(("Relu", "x", "a"), ("Identity", "a", "y"), ("Abs", "a", "b"))) == [
        ("Relu", "x", "y"),
        ("Abs", "y", "b"),
    ]


def test_one_from_an_input_to_an_output_stays() -> None:
    assert wiring(graph(("Identity", "x", "y"))) == [("Identity", "x", "y")]
