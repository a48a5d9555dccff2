"""A transformer's layer in each form that needs no convolution: how far off, how large, and what stays in float."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from packager.errors import UnsupportedModelError
from packager.quantise.feeds import write_feeds
from packager.quantise.onnx.blocks import by_blocks
from packager.quantise.onnx.dynamic import quantise_dynamic
from packager.quantise.onnx.half import to_half
from packager.quantise.onnx.opened import open_attention
from packager.quantise.onnx.static import quantise_static
from packager.quantise.onnx.tables import quantise_tables
from packager.quantise.onnx.weights import quantise_weights
from tests.support.onnx_models import save
from tests.support.quantised import answers, farthest, images, mobile_network
from tests.support.transformer import WORDS, token_feeds, transformer


@pytest.fixture
def fp32(tmp_path: Path) -> Path:
    return save(transformer(), tmp_path / "model.onnx")


def kinds(path: Path) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load(path).graph.node)


@pytest.mark.parametrize(
    ("quantise", "off", "size"),
    [(quantise_dynamic, 0.02, 0.32), (quantise_weights, 0.02, 0.33), (to_half, 0.002, 0.52)],
)
def test_answers_and_sizes(fp32: Path, tmp_path: Path, quantise: Callable[..., None], off: float, size: float) -> None:
    out = tmp_path / "out.onnx"
    quantise(fp32, out)
    assert farthest(onnx.load(fp32), onnx.load(out), token_feeds(1)) < off
    assert out.stat().st_size < size * fp32.stat().st_size
    first = out.read_bytes()
    quantise(fp32, out)
    assert out.read_bytes() == first
    assert {path.name for path in tmp_path.iterdir()} == {"model.onnx", "out.onnx"}


def test_static_quantises_the_weights_of_an_attention(fp32: Path, tmp_path: Path) -> None:
    write_feeds(tmp_path / "feeds", token_feeds(0))
    quantise_static(fp32, tmp_path / "feeds", tmp_path / "out.onnx", activations="u8", method="mse")
    made = onnx.load(tmp_path / "out.onnx")
    back = {node.output[0] for node in made.graph.node if node.op_type == "DequantizeLinear"}
    layers = {node.name: node for node in made.graph.node if node.op_type in {"MatMul", "Gemm"}}
    assert set(layers) == {"Attention_0", "Gemm_0", "Gemm_1"}
    assert all(set(node.input[:2]) <= back for node in layers.values())
    # What reads their sums is in float.
    assert not any(back.intersection(node.input) for node in made.graph.node if node.op_type in {"Add", "Mul", "Div"})
    assert farthest(onnx.load(fp32), made, token_feeds(1)) < 0.05


def test_dynamic_takes_blocks_behind_a_gelu(fp32: Path, tmp_path: Path) -> None:
    quantise_dynamic(fp32, tmp_path / "out.onnx")
    found = kinds(tmp_path / "out.onnx")
    assert (found["MatMulInteger"], found["MatMulNBits"], found["MultiHeadAttention"]) == (2, 1, 1)
    assert not found["Gemm"] + found["Attention"]


@pytest.mark.parametrize("quantise", [quantise_dynamic, quantise_weights])
@pytest.mark.parametrize("name", ["Attention_0", "Gemm_0", "Gemm_1", "Gather_0"])
def test_a_node_stays_in_float(fp32: Path, tmp_path: Path, quantise: Callable[..., None], name: str) -> None:
    quantise(fp32, tmp_path / "out.onnx", floats=[name])
    made = onnx.load(tmp_path / "out.onnx").graph
    kept = {"Attention_0": "qkv", "Gemm_0": "up", "Gemm_1": "down", "Gather_0": "table"}
    floats = {one.name for one in made.initializer if one.data_type == TensorProto.FLOAT and len(one.dims) == 2}
    assert {name for name, weight in kept.items() if weight in floats} == {name}


def test_an_opened_attention_is_the_same(fp32: Path) -> None:
    opened = onnx.load(fp32)
    assert open_attention(opened.graph) == 1
    assert farthest(onnx.load(fp32), opened, token_feeds(1)) < 1e-6


def test_a_tables_rows_have_scales_of_their_own() -> None:
    network = transformer()
    (table,) = (one for one in network.graph.initializer if one.name == "table")
    rows = numpy_helper.to_array(table) * np.logspace(-6, 0, WORDS, dtype=np.float32)[:, None]
    table.CopyFrom(numpy_helper.from_array(rows, "table"))
    network.graph.output[0].name = "found"
    feeds = [{"ids": np.arange(WORDS)[None]}]
    (right,) = answers(network, feeds)
    assert quantise_tables(network.graph) == 1
    (found,) = answers(network, feeds)
    largest = np.abs(right[0]).max(axis=-1)
    assert (np.abs(found[0] - right[0]).max(axis=-1) <= 0.51 * largest / 127).all()


def test_products_by_blocks_round_to_half_a_step() -> None:
    network = transformer()
    assert by_blocks(network, ["Gemm_0"]) == 1
    weights = {one.name: numpy_helper.to_array(one) for one in network.graph.initializer}
    packed, scales = weights["Gemm_0.bytes"], weights["Gemm_0.scales"]
    back = ((packed.astype(np.float32) - 128) * scales.reshape(*packed.shape[:2], 1)).reshape(len(packed), -1)
    up = next(numpy_helper.to_array(one) for one in transformer().graph.initializer if one.name == "up")
    assert (np.abs(back[:, : len(up)].T - up) <= 0.501 * scales).all()
    assert not np.abs(back[:, len(up) :]).any()


def test_convolutions_have_weights_of_bytes(tmp_path: Path) -> None:
    fp32, out = save(mobile_network(0, ("relu",), 200, spread=0.5), tmp_path / "model.onnx"), tmp_path / "out.onnx"
    quantise_weights(fp32, out)
    assert farthest(onnx.load(fp32), onnx.load(out), images(1)) < 0.02
    assert kinds(out)["DequantizeLinear"] == 2


def test_halves_keep_inputs_and_outputs(tmp_path: Path) -> None:
    fp32, out = save(mobile_network(0, ("relu",), spread=0.5), tmp_path / "model.onnx"), tmp_path / "out.onnx"
    to_half(fp32, out, floats=["Conv_0"])
    made = onnx.load(out).graph
    ends = {one.name: one.type.tensor_type.elem_type for one in (*made.input, *made.output)}
    assert ends == {"pixels": TensorProto.FLOAT, "logits": TensorProto.FLOAT}
    kept = {one.name for one in made.initializer if one.data_type == TensorProto.FLOAT and len(one.dims) == 4}
    assert kept == {"w0"}
    assert farthest(onnx.load(fp32), onnx.load(out), images(1)) < 0.01


@pytest.mark.parametrize("quantise", [quantise_dynamic, quantise_weights])
def test_what_has_nothing_to_quantise_is_refused(tmp_path: Path, quantise: Callable[..., None]) -> None:
    fp32 = save(mobile_network(0, ("relu",), 4), tmp_path / "model.onnx")
    with pytest.raises(UnsupportedModelError):
        quantise(fp32, tmp_path / "out.onnx", floats=["Gemm_0"])
    assert not (tmp_path / "out.onnx").exists()
