from __future__ import annotations

import numpy as np
import pytest

from edge.manifest import TensorSpec
from packager.capture.graph import Graph, Node, Ref, Tensor
from packager.lower.driver import lower
from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case

CASES = [
    case("aten.linear.default", X(B, 4), W(5, 4), W(5)),
    case("aten.linear.default", X(B, S, 4), W(5, 4), W(5)),
    case("aten.linear.default", X(B, 2, S, 4), W(5, 4)),
    case("aten.linear.default", X(4), W(5, 4), W(5)),
    case("aten.linear.default", X(B, S, 4), X(5, 4), X(5)),
    case("aten.matmul.default", X(B, 2, S, 4), X(B, 2, 4, S)),
    case("aten.matmul.default", X(B, S, 4), X(4, 5)),
    case("aten.matmul.default", X(B, S, 4), W(4, 5)),
    case("aten.matmul.default", X(S, 4), X(B, 4, S)),
    case("aten.matmul.default", W(3, 4), X(B, 2, 4, S)),
    case("aten.matmul.default", X(B, 1, S, 4), X(1, 2, 4, 3)).but(paddlelite="the arm kernel does not broadcast"),
    case("aten.matmul.default", X(B, S, 4), X(4)),
    case("aten.matmul.default", X(4), X(B, 4, S)),
    case("aten.matmul.default", X(4), X(4)),
    case("aten.bmm.default", X(B, S, 4), X(B, 4, S)),
    case("aten.mm.default", X(B, 4), X(4, 5)),
    case("aten.mm.default", X(B, 4), W(4, 5)),
    case("aten.mv.default", X(B, 4), X(4)),
    case("aten.dot.default", X(4), X(4)),
    case("aten.addmm.default", W(5), X(B, 4), W(4, 5)),
    case("aten.addmm.default", X(5), X(B, 4), X(4, 5), beta=0.5, alpha=2),
    case("aten.addmm.default", X(5), X(B, 4), X(4, 5), beta=0),
    case("aten.baddbmm.default", X(B, 1, S), X(B, S, 4), X(B, 4, S), beta=0.5, alpha=0.25),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


def test_layers_that_share_a_weight_share_its_transposed_form() -> None:
    spec = TensorSpec(name="x", dtype="float32", shape=("batch", 4))
    nodes = (
        Node("aten.linear.default", (Ref("x"), Ref("w")), {}, ("a",)),
        Node("aten.linear.default", (Ref("a"), Ref("w")), {}, ("b",)),
    )
    value = Tensor("float32", ("batch", 4))
    graph = Graph(
        inputs=(spec,),
        outputs=(TensorSpec(name="y", dtype="float32", shape=("batch", 4)),),
        results=("b",),
        constants={"w": "key"},
        values={"x": value, "w": Tensor("float32", (4, 4)), "a": value, "b": value},
        nodes=nodes,
    )
    weight = np.arange(16, dtype="float32").reshape(4, 4)
    program = lower(graph, {"key": weight})
    assert [op.type for op in program.ops] == ["matmul_v2", "matmul_v2"]
    (transposed,) = program.constants.values()
    np.testing.assert_array_equal(transposed, weight.T)
