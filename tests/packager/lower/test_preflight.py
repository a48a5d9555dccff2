from __future__ import annotations

import pytest

from edge.manifest import TensorSpec
from packager.capture.graph import Graph, Node, Ref, Tensor
from packager.errors import UnsupportedModelError
from packager.lower.preflight import check_operators


def graph(*operators: str, width: int = 4) -> Graph:
    """A chain of operators of one argument, then a product with a weight that is not there."""
    values = {"x": Tensor("float32", ("batch", width)), "w": Tensor("float32", (width, width))}
    nodes = []
    last = "x"
    for number, operator in enumerate(operators):
        arguments = (Ref(last), Ref("w")) if operator == "aten.mm.default" else (Ref(last),)
        last = f"n{number}"
        nodes.append(Node(operator, arguments, {}, (last,)))
        values[last] = values["x"]
    x, y = (TensorSpec(name=name, dtype="float32", shape=("batch", width)) for name in ("x", "y"))
    return Graph((x,), (y,), (last,), {"w": "digest"}, values, tuple(nodes))


def test_what_is_known_passes_without_weights_or_memory_for_them() -> None:
    check_operators(graph("aten.relu.default", "aten.mm.default"), ("onnxruntime", "paddlelite"))
    # The weight would have 40 TB.
    check_operators(graph("aten.relu.default", "aten.mm.default", width=10_000_000 // 3), ("onnxruntime",))


def test_operators_without_a_lowering_are_named_and_counted() -> None:
    network = graph("aten.fft.default", "aten.relu.default", "aten.zeta.default", "aten.fft.default")
    with pytest.raises(UnsupportedModelError, match=r"aten\.fft\.default \(2×\), aten\.zeta\.default \(1×\)"):
        check_operators(network, ("onnxruntime",))


def test_operators_that_an_engine_lacks_are_named() -> None:
    network = graph("aten.atan.default")
    check_operators(network, ("onnxruntime",))
    with pytest.raises(UnsupportedModelError, match=r"Paddle Lite for arm does not list atan \(1×\)"):
        check_operators(network, ("onnxruntime", "paddlelite"))
