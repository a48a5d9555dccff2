"""Cross-layer equalisation: the float function stays, channels come to the same range, and int8 is nearer to it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto, numpy_helper

from packager.quantise.feeds import write_feeds
from packager.quantise.improve.equalise import equalise
from packager.quantise.improve.sensitivity import error_of
from tests.support.quantised import BETWEEN, answers, farthest, images, mobile_network, quantise_qdq, save


@settings(deadline=None)
@given(
    st.integers(0, 10_000),
    st.lists(st.sampled_from(BETWEEN), min_size=1, max_size=6),
    st.sampled_from([2, 5, 8]),
    st.floats(0, 3),
)
def test_the_float_function_stays(seed: int, between: list[str], channels: int, spread: float) -> None:
    before, after = (mobile_network(seed, between, channels, spread=spread) for _ in range(2))
    assert equalise(after) == 5
    assert farthest(before, after, images(seed, 2)) < 1e-5


@pytest.mark.parametrize("between", BETWEEN)
def test_neighbours_have_the_same_range_in_each_channel(between: str) -> None:
    network = mobile_network(1, [between])
    equalise(network)
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in network.graph.initializer}
    layers = [np.abs(weights[node.input[1]]) for node in network.graph.node if node.op_type == "Conv"]
    wide, deep = layers[0].max(axis=(1, 2, 3)), layers[1].max(axis=(1, 2, 3))
    assert wide == pytest.approx(deep, rel=0.01)


def test_what_is_not_homogeneous_or_read_twice_stays() -> None:
    network = mobile_network(0, ["relu6"])
    for tensor in network.graph.initializer:
        if tensor.name == "zero":  # a cap on both sides scales with no channel
            tensor.CopyFrom(numpy_helper.from_array(np.float32(-1), "zero"))
    assert equalise(network) == 0


def test_a_dead_channel_stays_dead() -> None:
    before, after = mobile_network(3, ["relu"]), mobile_network(3, ["relu"])
    for network in (before, after):
        for tensor in network.graph.initializer:
            if tensor.name in {"w1", "b1"}:
                array = numpy_helper.to_array(tensor).copy()
                array[0] = 0
                tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
    equalise(after)
    assert farthest(before, after, images(3, 2)) < 1e-5


@pytest.mark.parametrize("per_channel", [True, False])
def test_int8_is_nearer_where_channels_are_uneven(tmp_path: Path, per_channel: bool) -> None:
    write_feeds(tmp_path / "feeds", images(4))
    errors = []
    for name in ("uneven", "equal"):
        network = mobile_network(4, ["relu"], spread=0)
        _make_uneven(network)
        reference = answers(network, images(4))
        if name == "equal":
            equalise(network)
        fp32 = save(network, tmp_path / name)
        made = quantise_qdq(fp32, tmp_path / "feeds", tmp_path / f"{name}.int8", per_channel=per_channel)
        errors.append(error_of(reference, answers(made, images(4))))
    assert errors[1] < 0.3 * errors[0]


def _make_uneven(network: ModelProto) -> None:
    """Scale the channels between convolutions by anything from 1/20 to 20, which the next layer undoes."""
    random = np.random.default_rng(0)
    tensors = {tensor.name: tensor for tensor in network.graph.initializer}
    for number in range(5):
        first, bias, second = (
            numpy_helper.to_array(tensors[name]) for name in (f"w{number}", f"b{number}", f"w{number + 1}")
        )
        scale = np.exp(random.uniform(-3, 3, len(first))).astype(np.float32)
        depthwise = second.shape[1] == 1
        undone = second / scale.reshape((-1, 1, 1, 1) if depthwise else (1, -1, 1, 1))
        changed = {
            f"w{number}": first * scale[:, None, None, None],
            f"b{number}": bias * scale,
            f"w{number + 1}": undone,
        }
        for name, array in changed.items():
            tensors[name].CopyFrom(numpy_helper.from_array(array, name))
