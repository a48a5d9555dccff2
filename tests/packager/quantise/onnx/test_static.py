"""Static int8: where integers pass, how far off the answers are, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from edge.errors import InputError
from packager.errors import UnsupportedModelError
from packager.quantise.feeds import write_feeds
from packager.quantise.onnx.static import quantise_static
from tests.support.onnx_models import FLOAT, model, value, words
from tests.support.quantised import farthest, images, mobile_network, save

STEP, ENTROPY = 0.06, 0.2
"""How far answers of such a small network move when all its layers are rounded to 8 bits.

Entropy cuts off much where there are few values.
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A network of six convolutions, and its feeds."""
    folder = tmp_path_factory.mktemp("static")
    feeds = folder / "feeds"
    write_feeds(feeds, images(1))
    return save(mobile_network(0, ("relu6",), spread=0.5), folder / "model.onnx"), feeds


def kinds(path: Path) -> list[str]:
    return [node.op_type for node in onnx.load(path).graph.node]


@pytest.mark.parametrize("activations", ["u8", "s8"])
@pytest.mark.parametrize("method", ["min-max", "entropy", "percentile", "mse"])
def test_answers_move_by_a_step(network: tuple[Path, Path], tmp_path: Path, activations: str, method: str) -> None:
    fp32, feeds = network
    out = tmp_path / "int8.onnx"
    quantise_static(fp32, feeds, out, activations=activations, method=method)
    assert farthest(onnx.load(fp32), onnx.load(out), images(2)) < (ENTROPY if method == "entropy" else STEP)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["int8.onnx"]


@pytest.mark.parametrize("activations", ["u8", "s8"])
def test_weights_are_signed_with_a_scale_per_channel(
    network: tuple[Path, Path], tmp_path: Path, activations: str
) -> None:
    out = tmp_path / "int8.onnx"
    quantise_static(*network, out, activations=activations, method="min-max")
    made = onnx.load(out)
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in made.graph.initializer}
    back = {node.output[0]: node for node in made.graph.node if node.op_type == "DequantizeLinear"}
    layers = [node for node in made.graph.node if node.op_type in {"Conv", "Gemm"}]
    assert len(layers) == 7
    for node in layers:
        weight = back[node.input[1]]
        assert tensors[weight.input[0]].dtype == np.int8
        assert tensors[weight.input[1]].shape == (tensors[weight.input[0]].shape[0 if node.op_type == "Conv" else 1],)
    rounded = {tensors[node.input[2]].dtype for node in made.graph.node if node.op_type == "QuantizeLinear"}
    assert rounded == {np.dtype(np.uint8 if activations == "u8" else np.int8)}


def test_nodes_stay_in_float(network: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "int8.onnx"
    quantise_static(*network, out, activations="u8", method="min-max", floats=["Conv_0", "Gemm_0"])
    made = onnx.load(out)
    back = {node.output[0] for node in made.graph.node if node.op_type == "DequantizeLinear"}
    read = {node.name: node.input[1] in back for node in made.graph.node if node.op_type in {"Conv", "Gemm"}}
    assert read == {"Conv_0": False, "Gemm_0": False, **{f"Conv_{number}": True for number in range(1, 6)}}


def test_a_call_that_is_all_zeros_first_does_not_decide(tmp_path: Path) -> None:
    """Histograms of onnxruntime grow by the bin: one that begins near zero would grow to gigabytes."""
    fp32 = save(mobile_network(0, ("relu",), spread=0.5), tmp_path / "model.onnx")
    write_feeds(tmp_path / "feeds", [{"pixels": np.full((1, 3, 10, 10), 1e-9, np.float32)}, *images(1)])
    quantise_static(fp32, tmp_path / "feeds", tmp_path / "int8.onnx", activations="u8", method="mse")
    assert farthest(onnx.load(fp32), onnx.load(tmp_path / "int8.onnx"), images(2)) < STEP


def test_same_inputs_give_the_same_bytes(network: tuple[Path, Path], tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from packager.quantise.onnx.static import quantise_static;"
        "quantise_static(*map(Path, sys.argv[1:4]), activations='u8', method='mse')"
    )
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script, *map(str, network), str(tmp_path / seed)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_a_network_without_layers_is_refused(tmp_path: Path) -> None:
    fp32 = save(words(), tmp_path / "words.onnx")
    ids = np.arange(6).reshape(2, 3)
    write_feeds(tmp_path / "feeds", [{"input_ids": ids, "attention_mask": np.ones_like(ids)}])
    with pytest.raises(UnsupportedModelError, match="no layer that can be quantised"):
        quantise_static(fp32, tmp_path / "feeds", tmp_path / "out.onnx", activations="u8", method="mse")
    assert not (tmp_path / "out.onnx").exists()


@pytest.mark.parametrize(("number", "told"), [(0.0, "value log is not finite"), (-1.0, "NaN on calibration input 2")])
def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, number: float, told: str) -> None:
    log, product = helper.make_node("Log", ["x"], ["log"]), helper.make_node("MatMul", ["log", "w"], ["y"], name="M")
    x, y = ([value(name, FLOAT, ["n", 4])] for name in "xy")
    save(model([log, product], x, y, {"w": np.ones((4, 4), np.float32)}), tmp_path / "log.onnx")
    write_feeds(tmp_path / "feeds", [{"x": np.full((1, 4), one, np.float32)} for one in (1.0, number)])
    with pytest.raises(InputError, match=told):
        quantise_static(tmp_path / "log.onnx", tmp_path / "feeds", tmp_path / "out", activations="u8", method="mse")


def test_feeds_of_another_size_are_refused(network: tuple[Path, Path], tmp_path: Path) -> None:
    write_feeds(tmp_path / "feeds", [*images(0, 1), {"pixels": np.zeros((1, 3, 11, 10), np.float32)}])
    with pytest.raises(InputError, match=r"cannot be run on calibration input 2: .* Expected: 10"):
        quantise_static(network[0], tmp_path / "feeds", tmp_path / "out", activations="u8", method="mse")
