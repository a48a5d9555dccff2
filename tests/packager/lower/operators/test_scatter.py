from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case, one_node

# Each place once: where two values go to one place, torch says which wins as little as anybody else.
ROWS = W(values=[2, 0, -1], dtype="int64")
MIXED = [5, 1, 1, 8, 5, 5, 0]
GRID = (W(values=[[[0]], [[1]]], dtype="int64"), W(values=[[2, 0, 1]], dtype="int64"))

CASES = [
    case("aten.index_put.default", X(B, 5, 3), [None, ROWS], X(B, 3, 3)),
    case("aten.index_put.default", X(B, 5, 3), [None, ROWS], X(B, 3, 3), True),
    case("aten.index_put.default", X(5, S), [ROWS], X(3, S)),
    case("aten.index_put.default", X(5, 3), [ROWS], X(1)),
    case("aten.index_put.default", X(B, 4, 2, 3), [None, None, *GRID], X(B, 4, 2, 1, 3), True),
    case(
        "aten.index_put.default",
        X(4, dtype="int64"),
        [W(values=[True, False, True, True], dtype="bool")],
        X(3, dtype="int64"),
    ),
    case("aten.index_put.default", X(B, S, 3), [X(B, S, dtype="bool")], W(values=2.5)),
    case("aten.index_put.default", X(3, 4), [X(values=[True, False, True], dtype="bool")], X(2, 4)),
    case("aten.index_put.default", X(9, 4), [X(values=[7, 0, 3], dtype="int64")], X(3, 4)),
    case("aten.index_put.default", X(9, 4), [X(values=[7, 7, 3], dtype="int64")], X(3, 4), True),
    case("aten.index_put.default", X(4, 3), [X(values=[3, 1], dtype="int64"), X(values=[0, 2], dtype="int64")], X(2)),
    case(
        "aten.index_put.default", X(2, 4), [X(values=[[1], [0]], dtype="int64"), X(values=[3, 1], dtype="int64")], X(1)
    ),
    case("aten.scatter_reduce.two", X(9), 0, X(values=MIXED, dtype="int64"), X(7), "amin", include_self=False),
    case("aten.scatter_reduce.two", X(9), 0, X(values=MIXED, dtype="int64"), X(7), "amax", include_self=False),
    case("aten.scatter_reduce.two", X(9), 0, X(values=[4], dtype="int64"), X(1), "amin", include_self=False),
    case("aten.scatter_reduce.two", X(9), 0, X(S, dtype="int64", low=0, high=8), X(S), "amin", include_self=False),
    case("aten.scatter_reduce.two", X(9), 0, X(values=MIXED, dtype="int64"), X(7), "sum"),
    case("aten.scatter_reduce.two", X(9), 0, X(values=MIXED, dtype="int64"), X(7), "sum", include_self=False),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (case("aten.index_put.default", X(4, 3), [W(values=[1, 1], dtype="int64")], X(2, 3), True), "twice"),
        (case("aten.index_put.default", X(B, S), [None, ROWS], X(B, 3)), "unknown size"),
        (case("aten.index_put.default", X(3, 4), [None, X(2, dtype="int64", low=0)], X(3, 2)), "than the first"),
        (case("aten.scatter_reduce.two", X(9), 0, X(7, dtype="int64", low=0), X(7), "mean"), "mean"),
        (case("aten.scatter_reduce.two", X(9, 2), 0, X(7, 2, dtype="int64", low=0), X(7, 2), "amin"), "vector"),
    ],
    ids=str,
)
def test_refuses(call: Case, reason: str) -> None:
    with pytest.raises(UnsupportedModelError, match=reason):
        _ = one_node(call).program
