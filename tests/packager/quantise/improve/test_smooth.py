"""Smoothing: the float function stays, outliers of activations go into weights, and int8 is nearer to it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper

from packager.quantise.feeds import Feed, write_feeds
from packager.quantise.improve.sensitivity import error_of
from packager.quantise.improve.smooth import smooth
from packager.quantise.onnx.dynamic import after_functions
from packager.quantise.onnx.static import quantise_static
from tests.support.onnx_models import FLOAT, model, value
from tests.support.quantised import MICROSOFT, answers, farthest, save

WIDTH, HEADS = 8, 2
OUTLIER = 100.0


def transformer(seed: int, *, norm_first: bool, wide: bool, gemm: bool) -> ModelProto:
    """A block of a transformer as our passes write it, one feature of whose norms reaches far.

    `norm_first`: of ViT, else of BERT. `wide`: with MultiHeadAttention behind one product, else with Attention. `gemm`:
    on rows, with biases in the products.
    """
    random = np.random.default_rng(seed)
    weights: dict[str, NDArray[Any]] = {
        "three": np.array([1, -1, 3 * WIDTH]), "rows": np.array([-1, WIDTH]), "tokens": np.array([2, -1, WIDTH]),
    }  # fmt: skip
    nodes: list[NodeProto] = []
    reach = np.where(np.arange(WIDTH) == 3, OUTLIER, 1).astype(np.float32)

    def constant(name: str, *shape: int) -> str:
        weights[name] = (random.normal(size=shape) / np.sqrt(shape[0])).astype(np.float32)
        if len(shape) == 2 and shape[0] == WIDTH:  # as in trained networks: what reaches far is not all that counts
            weights[name] = weights[name] / reach[:, None]
        return name

    def node(kind: str, *inputs: str, domain: str = "", outputs: tuple[str, ...] = (), **attributes: Any) -> str:
        name = f"{kind}_{len(nodes)}"
        made = list(outputs) or [f"{name}_out"]
        nodes.append(helper.make_node(kind, list(inputs), made, name=name, domain=domain, **attributes))
        return made[0]

    def norm(x: str) -> str:
        number = len(nodes)
        gain, offset = constant(f"gain{number}", WIDTH), constant(f"offset{number}", WIDTH)
        weights[gain] = weights[gain] * reach
        return node("LayerNormalization", x, gain, offset)

    def linear(x: str, width: int, out: int) -> str:
        number = len(nodes)
        weight, bias = constant(f"weight{number}", width, out), constant(f"bias{number}", out)
        if gemm:
            return node("Gemm", node("Reshape", x, "rows") if width == WIDTH else x, weight, bias)
        return node("Add", node("MatMul", x, weight), bias)

    def attention(x: str) -> str:
        scale: dict[str, Any] = {"num_heads": HEADS, "scale": 0.3, "domain": MICROSOFT}
        if wide:
            total = node("Add", node("MatMul", x, constant("wqkv", WIDTH, 3 * WIDTH)), constant("bqkv", 3 * WIDTH))
            parts = node("Split", total, outputs=("query", "key", "value"), axis=2), "key", "value"
            return node("MultiHeadAttention", *parts, **scale)
        return node("Attention", x, constant("wqkv", WIDTH, 3 * WIDTH), constant("bqkv", 3 * WIDTH), **scale)

    def tokens(x: str) -> str:
        return node("Reshape", x, "tokens") if gemm else x

    x = "x" if norm_first else norm("x")
    mixed = tokens(linear(attention(norm(x) if norm_first else x), WIDTH, WIDTH))
    x = node("Add", mixed, x)
    x = x if norm_first else norm(x)
    inner = node("Relu", linear(norm(x) if norm_first else x, WIDTH, 16))
    x = node("Add", tokens(linear(inner, 16, WIDTH)), x)
    nodes.append(helper.make_node("Identity" if norm_first else "Tanh", [x], ["y"], name="Last"))
    shape: list[int | str | None] = [2, "tokens", WIDTH]
    return model(nodes, [value("x", FLOAT, shape)], [value("y", FLOAT, shape)], weights, domains=[MICROSOFT])


def feeds(seed: int) -> list[Feed]:
    """Two texts of 4 to 7 tokens."""
    random = np.random.default_rng(seed)
    return [{"x": random.normal(size=(2, length, WIDTH)).astype(np.float32)} for length in (4, 5, 6, 7)]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.booleans())
def test_the_float_function_stays(seed: int, norm_first: bool, wide: bool, gemm: bool) -> None:
    before, after = (transformer(seed, norm_first=norm_first, wide=wide, gemm=gemm) for _ in range(2))
    # Both norms, the values of the attention, and what is between the last two layers.
    assert smooth(after, feeds(seed)) == 4
    # A Mul is needed where a residual sum reads the norms, too, and behind what is not linear.
    added = len(after.graph.node) - len(before.graph.node)
    assert added == (1 if norm_first else 3)
    assert farthest(before, after, feeds(seed)) < 1e-5


@pytest.mark.parametrize("gemm", [False, True])
def test_int8_is_nearer_where_a_feature_reaches_far(tmp_path: Path, gemm: bool) -> None:
    write_feeds(tmp_path / "feeds", feeds(5))
    errors = []
    for name in ("plain", "smooth"):
        network = transformer(5, norm_first=True, wide=True, gemm=gemm)
        reference = answers(network, feeds(5))
        if name == "smooth":
            smooth(network, feeds(5))
        fp32, int8 = save(network, tmp_path / name), tmp_path / f"{name}.int8"
        quantise_static(fp32, tmp_path / "feeds", int8, activations="u8", method="min-max")
        errors.append(error_of(reference, answers(int8, feeds(5))))
    assert errors[1] < 0.5 * errors[0]


def test_a_weight_that_two_layers_share_stays() -> None:
    network = transformer(0, norm_first=True, wide=True, gemm=False)
    products = [node for node in network.graph.node if node.op_type == "MatMul"]
    again = helper.make_node("MatMul", ["x", products[2].input[1]], ["again"], name="Again")
    network.graph.node.append(again)
    network.graph.output.append(value("again", FLOAT, [2, "tokens", 16]))
    assert smooth(network, feeds(0)) == 3


def test_the_same_inputs_give_the_same_bytes() -> None:
    networks = [transformer(3, norm_first=False, wide=False, gemm=False) for _ in range(2)]
    for network in networks:
        smooth(network, feeds(3))
    assert networks[0].SerializeToString(deterministic=True) == networks[1].SerializeToString(deterministic=True)


@pytest.mark.parametrize("gemm", [False, True])
def test_what_was_smoothed_behind_a_function_needs_no_blocks(gemm: bool) -> None:
    network = transformer(0, norm_first=False, wide=True, gemm=gemm)
    (last,) = after_functions(network.graph)
    assert any(node.name == last and node.op_type == ("Gemm" if gemm else "MatMul") for node in network.graph.node)
    smooth(network, feeds(0))
    assert after_functions(network.graph) == set()
