"""Bias correction: the mean error of a quantised network's outputs falls."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from packager.quantise.feeds import write_feeds
from packager.quantise.improve.bias import correct_bias
from tests.support.quantised import answers, images, mobile_network, quantise_qdq, save


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("between", ["relu", "relu6"])
def test_the_mean_error_falls(tmp_path: Path, seed: int, between: str) -> None:
    network = mobile_network(seed, [between], channels=16)
    fp32, feeds = save(network, tmp_path / "fp32"), tmp_path / "feeds"
    write_feeds(feeds, images(seed, 16))
    int8 = quantise_qdq(fp32, feeds, tmp_path / "int8")
    _squash(int8)
    before = _mean_error(network, int8, seed)
    assert correct_bias(fp32, int8, feeds) == 7
    assert _mean_error(network, int8, seed) < 0.5 * before


def _squash(path: Path) -> None:
    """Round every weight of the first layers down, as if its steps were four times as wide."""
    model = onnx.load(path)
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.INT8 and len(tensor.dims) == 4:
            array = onnx.numpy_helper.to_array(tensor) // 4 * 4
            tensor.CopyFrom(onnx.numpy_helper.from_array(array, tensor.name))
    onnx.save_model(model, path)


def _mean_error(network: onnx.ModelProto, int8: Path, seed: int) -> float:
    feeds = images(seed, 16)
    pairs = zip(answers(network, feeds), answers(int8, feeds), strict=True)
    return float(np.abs(np.mean([found[0] - right[0] for right, found in pairs], axis=(0, 1))).max())


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    fp32, feeds = save(mobile_network(0, ["relu"]), tmp_path / "fp32"), tmp_path / "feeds"
    write_feeds(feeds, images(0, 4))
    made = [quantise_qdq(fp32, feeds, tmp_path / name) for name in ("one", "two")]
    for path in made:
        correct_bias(fp32, path, feeds)
    assert made[0].read_bytes() == made[1].read_bytes()
