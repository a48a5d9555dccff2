"""Where integers pass, and which places are fragile, on graphs of a few nodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import GraphProto, helper, numpy_helper

from packager.quantise.onnx.places import float_anyway, fragile
from tests.support.onnx_models import FLOAT, value
from tests.support.transformer import transformer


def graph(*nodes: tuple[str, Sequence[str], str]) -> GraphProto:
    """Nodes named after what they make; inputs that nothing makes are weights, but for x."""
    made = [helper.make_node(kind, list(inputs), [out], name=out) for kind, inputs, out in nodes]
    computed = {"x", *(node.output[0] for node in made)}
    weights = sorted({name for node in made for name in node.input} - computed)
    return helper.make_graph(
        made,
        "main",
        [value("x", FLOAT, [1])],
        [value(made[-1].output[0], FLOAT, [1])],
        [numpy_helper.from_array(np.zeros(1, np.float32), name) for name in weights],
    )


SQUEEZE = (
    ("Conv", ["x", "w0"], "stem"),
    ("GlobalAveragePool", ["stem"], "mean"),
    ("Conv", ["mean", "w1"], "squeeze"),
    ("Relu", ["squeeze"], "relu"),
    ("Conv", ["relu", "w2"], "excite"),
    ("HardSigmoid", ["excite"], "gate"),
    ("Mul", ["stem", "gate"], "gated"),
    ("Conv", ["gated", "w3"], "middle"),
)


def test_gates_are_fragile_and_what_they_scale_is_not() -> None:
    made = graph(*SQUEEZE, ("Conv", ["middle", "w4"], "last"))
    assert fragile(made) == ("stem", "squeeze", "relu", "excite", "gate", "last")
    assert float_anyway(made) == ()


def test_what_follows_a_transposed_convolution_is_in_float() -> None:
    made = graph(*SQUEEZE, ("ConvTranspose", ["middle", "w5"], "up"), ("Add", ["up", "up"], "twice"))
    assert float_anyway(made) == ("twice",)


def test_residual_sums_of_convolutions_are_integers() -> None:
    made = graph(
        ("Conv", ["x", "w0"], "a"), ("Relu", ["a"], "b"), ("Conv", ["b", "w1"], "c"), ("Add", ["b", "c"], "sum")
    )
    assert float_anyway(made) == ()


def test_other_sums_are_not() -> None:
    made = graph(
        ("Conv", ["x", "w0"], "a"),
        ("Sigmoid", ["a"], "sigmoid"),
        ("Mul", ["a", "sigmoid"], "swish"),
        ("Add", ["swish", "shift"], "sum"),
    )
    assert float_anyway(made) == ("swish", "sum")


def test_products_of_two_computed_values_are_not() -> None:
    made = graph(("MatMul", ["x", "w"], "a"), ("MatMul", ["a", "a"], "b"))
    assert float_anyway(made) == ("b",)


def test_a_transformers_sums_are_not() -> None:
    names = float_anyway(transformer().graph)
    assert set(names) == {"Add_0", "Add_1", "Mul_0", "Mul_1", "Add_2"}


def test_first_and_last_layers_are_fragile() -> None:
    assert fragile(transformer().graph) == ("Attention_0", "Gemm_1")
