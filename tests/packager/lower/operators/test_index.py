from __future__ import annotations

import pytest

from edge.manifest import TensorSpec
from packager.capture.graph import Graph, Node, Ref, Tensor
from packager.errors import UnsupportedModelError
from packager.lower.driver import lower
from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case, one_node


def positions(*shape: int | str, to: int = 4) -> X:
    return X(*shape, dtype="int64", low=0, high=to - 1)


CASES = [
    case("aten.embedding.default", W(20, 6), positions(B, S, to=20), 0),
    case("aten.embedding.default", W(20, 6), X(B, S, dtype="int32", low=0, high=19)),
    case("aten.embedding.default", W(20, 6), positions(B)),
    case("aten.index_select.default", X(B, 9, 5, 3), 1, W(values=[8, 0, 3, 3], dtype="int64")),
    case("aten.index_select.default", X(B, 4, S), 1, positions(7)),
    case("aten.index_select.default", X(B, S, 4), -1, W(values=[3, 0], dtype="int64")),
    case("aten.index_select.default", X(B, 4, dtype="bool"), 1, W(values=[3, 0], dtype="int64")),
    case("aten.flip.default", X(B, S, 3), [1, -1]),
    case("aten.flip.default", X(B, S), [0]),
    case("aten.flip.default", X(B, 4, dtype="bool"), [1]),
    case("aten.gather.default", X(B, S, 9), -1, positions(B, S, S, to=9)),
    case("aten.gather.default", X(B, 4, 3), 1, positions(B, 2, 3)),
    case("aten.gather.default", X(B, 2, S, 9), -1, X(B, 2, S, 3, dtype="int32", low=0, high=8)),
    case("aten.gather.default", X(B, 4, dtype="bool"), 1, positions(B, 2)),
    case("aten.gather.default", X(S, 3), 0, positions(2, 3)),
    case("aten.gather.default", X(1, 9, dtype="int64"), 1, positions(1, S, to=9)),
    case("aten.gather.default", X(9), 0, positions(S, to=9)),
    case("aten.index.Tensor", X(B, 5, 3), [None, W(values=[2, 0, -1], dtype="int64")]),
    case("aten.index.Tensor", X(B, 5, 3), [None, W(values=[[2, 0], [1, -1]], dtype="int64")]),
    case("aten.index.Tensor", W(20, 3), [positions(B, S, to=20)]),
    case("aten.index.Tensor", X(9, B, 3), [positions(S, S, to=9)]),
    case("aten.index.Tensor", X(4, 5, B), [positions(6), positions(6)]),
    case("aten.index.Tensor", X(4, 5, dtype="bool"), [positions(S, 1, 1, 1), positions(1, 1, 1, S)]),
    case("aten.index.Tensor", X(4, 5, 3), [positions(S, 1), positions(S)]),
    case("aten.index.Tensor", X(B, 4, 5), [None, positions(S), positions(S)]),
    case("aten.index.Tensor", X(4, B, 5), [positions(S), None, positions(S)]),
    case(
        "aten.index.Tensor",
        X(4, 5, B),
        [W(values=[0, 1, 2, -1], dtype="int64"), W(values=[4, -5, 0, 1], dtype="int64")],
    ),
    case("aten.index.Tensor", X(4, 3), [W(values=[True, False, True, True], dtype="bool")]),
    case("aten.index.Tensor", X(3, 2), [X(values=[True, False, True], dtype="bool")]),
    case("aten.index.Tensor", X(2, 2, 3), [X(values=[[True, False], [True, True]], dtype="bool")]),
    case("aten.index.Tensor", X(2, 2, 3), [W(values=[[True, False], [True, True]], dtype="bool")]),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (case("aten.gather.default", X(B, 4, 3), 1, positions(B, 2, 2)), "narrower than the input"),
        (case("aten.index.Tensor", X(B, S), [None, W(values=[-1], dtype="int64")]), "axis of unknown size"),
    ],
    ids=str,
)
def test_refuses(call: Case, reason: str) -> None:
    with pytest.raises(UnsupportedModelError, match=reason):
        _ = one_node(call).program


def test_a_row_expanded_over_the_batch_is_gathered_without_take_along_axis() -> None:
    graph = Graph(
        inputs=(
            TensorSpec(name="row", dtype="int64", shape=(1, 9)),
            TensorSpec(name="at", dtype="int64", shape=(B, S)),
        ),
        outputs=(TensorSpec(name="y", dtype="int64", shape=(B, S)),),
        results=("taken",),
        constants={},
        values={
            "n": Tensor("symint", ()),
            "rows": Tensor("int64", (B, 9)),
            "taken": Tensor("int64", (B, S)),
        },
        nodes=(
            Node("aten.sym_size.int", (Ref("at"), 0), {}, ("n",)),
            Node("aten.expand.default", (Ref("row"), [Ref("n"), -1]), {}, ("rows",)),
            Node("aten.gather.default", (Ref("rows"), 1, Ref("at")), {}, ("taken",)),
        ),
    )
    types = [op.type for op in lower(graph, {}).ops]
    assert "gather" in types
    assert not {"take_along_axis", "expand_v2"} & set(types)
