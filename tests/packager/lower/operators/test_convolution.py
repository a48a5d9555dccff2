from __future__ import annotations

import numpy as np
import pytest

from edge.manifest import TensorSpec
from packager.capture.graph import Graph, Node, Ref, Tensor
from packager.lower.driver import lower
from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case

IMAGE = X(B, 4, 9, 11)
ONE, NONE = [1, 1], [0, 0]

CASES = [
    case("aten.convolution.default", IMAGE, W(6, 4, 3, 3), W(6), ONE, ONE, ONE, False, NONE, 1),
    case("aten.convolution.default", IMAGE, W(6, 4, 3, 2), None, [2, 1], [1, 0], [1, 2], False, NONE, 1),
    case("aten.convolution.default", IMAGE, W(4, 1, 3, 3), W(4), [2, 2], ONE, ONE, False, NONE, 4),
    case("aten.convolution.default", IMAGE, W(8, 1, 3, 3), W(8), ONE, ONE, ONE, False, NONE, 4),
    case("aten.convolution.default", IMAGE, W(6, 2, 3, 3), W(6), ONE, [2, 2], [2, 2], False, NONE, 2),
    case("aten.convolution.default", X(B, 3, S, S), W(6, 3, 1, 1), W(6), [1], [0], [1], False, [0], 1),
    case("aten.convolution.default", X(B, 4, 12), W(6, 4, 3), W(6), [2], [1], [1], False, [0], 1),
    case("aten.convolution.default", X(B, 4, S), W(6, 2, 3), None, [1], [2], [2], False, [0], 2),
    case("aten.convolution.default", X(B, 4, S), W(4, 1, 3), W(4), [1], [1], [1], False, [0], 4),
    case("aten.convolution.default", IMAGE, W(4, 6, 3, 3), W(6), [2, 2], ONE, ONE, True, ONE, 1),
    case("aten.convolution.default", IMAGE, W(4, 3, 3, 2), W(6), [2, 1], [1, 0], [1, 2], True, NONE, 2),
    case("aten.convolution.default", X(B, 4, S), W(4, 6, 4), W(6), [2], [1], [1], True, [0], 1),
    case("aten.convolution.default", IMAGE, X(6, 4, 3, 3), X(6), ONE, ONE, ONE, False, NONE, 1),
    case("aten.conv2d.default", IMAGE, W(6, 4, 3, 3)),
    case("aten.conv2d.default", IMAGE, W(6, 2, 3, 3), W(6), [2, 1], [0, 1], [1, 2], 2),
    case("aten.conv1d.default", X(B, 4, S), W(6, 4, 3), W(6), [1], [1]),
    case("aten.conv1d.default", X(B, 4, S), W(4, 1, 3), W(4), [1], [1], [1], 4),
    case("aten.conv1d.padding", X(B, 4, S), W(4, 1, 3), W(4), [1], "same", [1], 4),
    case("aten.conv2d.padding", IMAGE, W(6, 4, 3, 4), W(6), ONE, "same"),
    case("aten.conv2d.padding", IMAGE, W(6, 4, 3, 2), W(6), ONE, "same", [2, 3]),
    case("aten.conv2d.padding", IMAGE, W(6, 4, 3, 2), None, [2, 2], "valid"),
    case("aten.conv1d.padding", X(B, 4, S), W(6, 4, 4), W(6), [1], "same"),
    case("aten.conv_transpose2d.input", IMAGE, W(4, 6, 2, 2), W(6), [2, 2]),
    case("aten.conv_transpose2d.input", IMAGE, W(4, 1, 3, 3), None, [2, 2], ONE, ONE, 4),
    case("aten.conv_transpose1d.default", X(B, 4, S), W(4, 6, 4), W(6), [2], [1]),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


def test_a_pad_with_zeros_before_a_convolution_becomes_its_padding() -> None:
    def tensor(*shape: int) -> Tensor:
        return Tensor("float32", ("batch", *shape))

    convolution = (Ref("padded"), Ref("w"), None, [2, 2], [0, 0], [1, 1], False, [0, 0], 1)
    graph = Graph(
        inputs=(TensorSpec(name="x", dtype="float32", shape=("batch", 3, 8, 8)),),
        outputs=(TensorSpec(name="y", dtype="float32", shape=("batch", 4, 4, 4)),),
        results=("out",),
        constants={"w": "key"},
        values={"x": tensor(3, 8, 8), "padded": tensor(3, 9, 9), "out": tensor(4, 4, 4)},
        nodes=(
            Node("aten.constant_pad_nd.default", (Ref("x"), [0, 1, 0, 1], 0.0), {}, ("padded",)),
            Node("aten.convolution.default", convolution, {}, ("out",)),
        ),
    )
    (op,) = lower(graph, {"key": np.zeros((4, 3, 3, 3), "float32")}).ops
    assert op.type == "conv2d"
    assert op.attrs["paddings"] == (0, 1, 0, 1)
