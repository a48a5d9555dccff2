"""Values from inside of a graph, and one line where there are none."""

import numpy as np
import pytest

from edge.errors import SessionError
from packager.quantise.improve.observe import observed
from tests.support.quantised import images, mobile_network


def test_values_come_in_the_order_of_their_names_for_each_feed() -> None:
    network = mobile_network(0, ["relu"])
    found = list(observed(network, images(0, 3), ["a1", "logits", "pixels"]))
    assert [[value.shape for value in values] for values in found] == [[(2, 6, 10, 10), (2, 4), (2, 3, 10, 10)]] * 3
    for values, feed in zip(found, images(0, 3), strict=True):
        assert np.array_equal(values[2], feed["pixels"])
        assert values[0].min() == 0
    assert [len(output.name) for output in network.graph.output] == [len("logits")]


def test_feeds_of_another_network_are_refused_in_one_line() -> None:
    network = mobile_network(0, ["relu"])
    with pytest.raises(SessionError, match="the feeds have no 'pixels'"):
        list(observed(network, [{"ids": np.zeros(1)}]))
    with pytest.raises(SessionError, match="ONNX Runtime refused it") as told:
        list(observed(network, [{"pixels": np.zeros((1, 3, 10), np.float32)}]))
    assert "\n" not in told.value.message
