from __future__ import annotations

import pytest

from edge.manifest import TensorSpec
from packager.capture.graph import Graph, Node, Ref, Tensor
from packager.lower.driver import lower
from tests.support.hops import check
from tests.support.one_node import COMPLEX, B, Case, DType, S, Size, W, X, case, one_node

CASES = [
    case("aten.view.default", X(B, S, 6), [Size(B), Size(S), 2, 3]),
    case("aten.view.default", X(B, S, 6), [Size(B), -1, 3]),
    case("aten.view.default", X(B, S, 6), [-1, 6]),
    case("aten.view.default", X(B, S, 6), [-1]),
    case("aten.view.default", X(B, 6, S), [Size(B), 2, 3, Size(S)]),
    case("aten.view.default", X(B, 2, 3, S), [Size(B), 6, Size(S)]),
    case("aten.view.default", X(B, 196, 6), [Size(B, 196), 6]),
    case("aten.view.default", X(B, 8, 8, 7, 7, 6), [Size(B, 64), 49, 6]),
    case("aten.view.default", X(5, 1), [5]),
    case("aten.view.default", X(1, 1), []),
    case("aten.view.default", X(B, S, dtype="bool"), [Size(B), 1, 1, Size(S)]),
    case("aten.view.default", X(B, S, dtype="int64"), [-1, Size(S)]),
    case("aten.reshape.default", X(B, 12, 5), [Size(B), 3, 4, -1]),
    case("aten._unsafe_view.default", X(B, 12, 5), [Size(B), 60]),
    case("aten.flatten.using_ints", X(B, 3, 4, 5), 1),
    case("aten.flatten.using_ints", X(B, S, 4, 5), 2, 3),
    case("aten.flatten.using_ints", X(B, S, 4), 0, 1),
    case("aten.unflatten.int", X(B, S, 6), 2, [2, 3]),
    case("aten.permute.default", X(B, S, 2, 3), [0, 2, 1, -1]),
    case("aten.permute.default", X(B, 2, 3, 2, 3, 4), [0, 1, 3, 2, 4, 5]),
    case("aten.permute.default", X(B, S, dtype="int64"), [1, 0]),
    case("aten.permute.default", X(B, 4, 1, 5, dtype="bool"), [-1, -4, -2, -3]),
    case("aten.transpose.int", X(B, S, 2, 3), -1, 1),
    case("aten.t.default", X(B, S)),
    case("aten.t.default", X(S)),
    case("aten.unsqueeze.default", X(B, S), 1),
    case("aten.unsqueeze.default", X(B, S), -1),
    case("aten.unsqueeze.default", X(B, S, dtype="bool"), 0),
    case("aten.unsqueeze.default", W(values=2.0), 0),
    case("aten.squeeze.default", X(3, 1, S, 1)),
    case("aten.squeeze.default", X(1, 1)),
    case("aten.squeeze.dim", X(B, 1, S), 1),
    case("aten.squeeze.dim", X(B, 3, S), 1),
    case("aten.squeeze.dims", X(B, 1, S, 1), [-1, 1]),
    case("aten.squeeze.dims", X(1, 1, S, S, dtype="int64"), [0]),
    case("aten.expand.default", X(1, 1, 4, low=0), [3, -1, -1]),
    case("aten.expand.default", X(B, 1, S, S), [Size(B), 2, Size(S), -1]),
    case("aten.expand.default", X(B, 1, S, S, dtype="bool"), [Size(B), -1, Size(S), Size(S)]),
    case("aten.expand.default", X(B, 4), [2, Size(B), -1]),
    case("aten.expand.default", X(1, 1, S, S, dtype="int64"), [2, 3, -1, -1]),
    case("aten.expand.default", X(B, 1, 1, S), [-1, 2, Size(S), -1]),
    case("aten.expand_as.default", X(B, 1), X(B, S)),
    case("aten.expand_as.default", X(S, dtype="bool"), X(B, S, dtype="bool")),
    case("aten.broadcast_to.default", X(B, 1), [Size(B), 5]),
    case("aten.repeat.default", X(B, S), [2, 1, 3]),
    case("aten.repeat.default", X(2, 5, 3), [2, 1, 1]),
    case("aten.repeat.default", X(B, 5), [Size(B), 1, 1]),
    case("aten._to_copy.default", X(B, S, dtype="int64"), dtype=DType("float32")),
    case("aten._to_copy.default", X(B, S, dtype="int64"), dtype=DType("int32")),
    case("aten._to_copy.default", X(B, S, dtype="int64"), dtype=DType("bool")),
    case("aten._to_copy.default", X(B, S, dtype="int32"), dtype=DType("int64")),
    case("aten._to_copy.default", X(B, S, dtype="bool"), dtype=DType("int32")),
    case("aten._to_copy.default", X(B, S, dtype="bool"), dtype=DType("int64")),
    case("aten._to_copy.default", X(B, S, dtype="bool"), dtype=DType("float32")),
    case("aten._to_copy.default", X(B, S), dtype=DType("int64")),
    case("aten._to_copy.default", X(B, S), dtype=DType("bool")),
    case("aten._to_copy.default", X(B, S)),
    case("aten._to_copy.default", X(B, S), dtype=DType(COMPLEX)),
    case("aten.copy.default", X(B, S), X(B, S)),
    case("aten.copy.default", X(B, S, 3), X(3, dtype="int64")),
    case("aten.copy.default", X(B, S, dtype="bool"), X(B, 1, dtype="int64")),
    case("aten.to.dtype", X(B, S, dtype="int64"), DType("float32")),
    case("aten.type_as.default", X(B, S, dtype="int64"), X(B, S)),
    case("aten.alias.default", X(B, S)),
    case("aten.clone.default", X(B, S)),
    case("aten.contiguous.default", X(B, S)),
    case("aten.detach.default", X(B, S)),
    case("aten.dropout.default", X(B, S), 0.1, False),
    case("aten.lift_fresh_copy.default", X(B, S)),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


def test_a_view_of_a_view_is_one_reshape_without_sizes_at_run_time() -> None:
    def tensor(*shape: int | str) -> Tensor:
        return Tensor("float32", shape)

    graph = Graph(
        inputs=(TensorSpec(name="x", dtype="float32", shape=("batch", 8, 8, 7, 7, 24)),),
        outputs=(TensorSpec(name="y", dtype="float32", shape=("64*batch", 49, 24)),),
        results=("b",),
        constants={},
        values={
            "x": tensor("batch", 8, 8, 7, 7, 24),
            "a": tensor("64*batch", 7, 7, 24),
            "b": tensor("64*batch", 49, 24),
        },
        nodes=(
            Node("aten.view.default", (Ref("x"), [-1, 7, 7, 24]), {}, ("a",)),
            Node("aten.view.default", (Ref("a"), [-1, 49, 24]), {}, ("b",)),
        ),
    )
    (op,) = lower(graph, {}).ops
    assert (op.type, op.inputs["X"], op.attrs["shape"]) == ("reshape2", ("x",), (-1, 49, 24))


def test_an_expansion_to_an_unknown_size_does_not_claim_the_size_of_its_input() -> None:
    # With -1, Paddle's shape inference says 1 here, and whatever reads the program's shapes is misled.
    node = one_node(case("aten.expand.default", X(B, 1, 1, S), [-1, 2, Size(S), -1]))
    (expand,) = (op for op in node.program.ops if op.type == "expand_v2")
    assert expand.attrs["shape"] == (-2, 2, -2, -2)
