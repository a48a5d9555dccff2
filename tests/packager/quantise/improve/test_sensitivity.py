"""Sensitivities: a part that was made fragile is found, with onnxruntime's quantiser and with grafts of its file."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto, numpy_helper

from packager.quantise.feeds import write_feeds
from packager.quantise.improve.graft import grafts
from packager.quantise.improve.sensitivity import Array, blocks, error_of, sensitivities
from tests.support.quantised import farthest, images, mobile_network, quantise_qdq, save


def fragile_network(layer: str) -> ModelProto:
    """One filter of a layer, whose channel the next layer ignores, is so large that activations lose their steps."""
    network = mobile_network(7, ["relu"], channels=8, spread=0.3)
    nodes = {node.name: node for node in network.graph.node}
    following = f"Conv_{int(layer[-1]) + 1}"
    _scale(network, nodes[layer].input[1], 0, 2000.0)
    _scale(network, nodes[following].input[1], 0, 0.0)
    return network


def _scale(network: ModelProto, weight: str, channel: int, factor: float) -> None:
    for tensor in network.graph.initializer:
        if tensor.name == weight:
            array = numpy_helper.to_array(tensor).copy()
            array[channel] *= factor
            tensor.CopyFrom(numpy_helper.from_array(array, weight))


@pytest.mark.parametrize("layer", ["Conv_0", "Conv_3"])
@pytest.mark.parametrize("grafted", [True, False])
def test_a_layer_made_fragile_is_found(tmp_path: Path, layer: str, grafted: bool) -> None:
    fp32, feeds, int8 = save(fragile_network(layer), tmp_path / "fp32"), tmp_path / "feeds", tmp_path / "int8"
    write_feeds(feeds, images(7, 4))
    if grafted:
        quantise = grafts(fp32, quantise_qdq(fp32, feeds, int8), tmp_path)
    else:
        quantise = lambda floats: quantise_qdq(fp32, feeds, int8, floats)  # noqa: E731
    found = sensitivities(fp32, feeds, quantise)
    # Its output is what loses its steps: that is an input of the layer behind it.
    following = f"Conv_{int(layer[-1]) + 1}"
    assert {layer, following} & set(found[0].nodes)
    assert found[0].error > 3 * found[2].error
    assert [one.error for one in found] == sorted((one.error for one in found), reverse=True)
    assert sorted(name for one in found for name in one.nodes) == sorted(
        node.name for node in onnx.load(fp32).graph.node
    )


def test_grafts_of_all_and_of_nothing_are_the_two_networks(tmp_path: Path) -> None:
    network = mobile_network(2, ["relu6", "none"])
    fp32, feeds = save(network, tmp_path / "fp32"), tmp_path / "feeds"
    write_feeds(feeds, images(2, 4))
    int8 = quantise_qdq(fp32, feeds, tmp_path / "int8")
    quantise = grafts(fp32, int8, tmp_path)
    assert farthest(network, quantise([node.name for node in network.graph.node]), images(2, 4)) == 0
    # All but what the last layer makes, whose rounding no node reads.
    assert farthest(int8, quantise(()), images(2, 4)) < 0.01


def test_blocks_are_few_and_hold_every_node_once() -> None:
    network = mobile_network(0, ["relu"])
    for most in (1, 3, 7, 24):
        found = blocks(network.graph, most)
        assert len(found) <= most
        assert [name for block in found for name in block] == [node.name for node in network.graph.node]
    assert len(blocks(network.graph)) == 7


def test_the_mean_answer_is_no_signal() -> None:
    right = [[np.array([[100.0, 0.0], [100.2, 0.2]], np.float32)], [np.array([[99.8, -0.2]], np.float32)]]
    wrong = [[value + np.float32(0.1) for value in values] for values in right]
    assert error_of(right, right) == 0
    assert error_of(right, wrong) == pytest.approx(np.sqrt(6 * 0.1**2 / (4 * 0.2**2)), rel=1e-3)
    assert error_of(right, [[value * np.float32(np.nan) for value in values] for values in right]) == np.inf


def test_answers_as_long_as_their_inputs_are_measured() -> None:
    right = [[np.ones((1, 3), np.float32)], [np.zeros((1, 5), np.float32)]]
    assert error_of(right, answers_of(right, 0.1)) == pytest.approx(np.sqrt(8 * 0.01 / (8 * 3 / 8 * 5 / 8)), rel=1e-3)


def answers_of(values: list[list[Array]], shift: float) -> list[list[Array]]:
    return [[one + np.float32(shift) for one in each] for each in values]
