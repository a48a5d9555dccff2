from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from tests.support.hops import check
from tests.support.one_node import B, Case, S, Size, T, X, case, one_node

OPEN = 9223372036854775807

CASES = [
    case("aten.slice.Tensor", X(B, 14, 14, 3), 1, 0, OPEN, 2),
    case("aten.slice.Tensor", X(B, S, 3), 1, 1, OPEN, 2),
    case("aten.slice.Tensor", X(B, 9, 3), 1, 1, OPEN),
    case("aten.slice.Tensor", X(B, S, 3), 1, 1, OPEN),
    case("aten.slice.Tensor", X(B, S, 3), 1, -3, -1),
    case("aten.slice.Tensor", X(B, S, 3), -1, 0, 2),
    case("aten.slice.Tensor", X(B, S, 3), 1, 0, OPEN),
    case("aten.slice.Tensor", X(B, S, 3)),
    case("aten.slice.Tensor", X(1, 6000, S, dtype="int64"), 1, 0, Size(S)),
    case("aten.slice.Tensor", X(1, 6000, S, dtype="int64"), 1, None, Size(S)),
    case("aten.slice.Tensor", X(1, 6000, S), 1, Size(S), OPEN),
    case("aten.slice.Tensor", X(1, 6000, S), 1, Size(S), Size(S, 2)),
    case("aten.slice.Tensor", X(B, S, dtype="bool"), 1, 1, 3),
    case("aten.slice.Tensor", X(B, S, dtype="bool"), 1, 0, OPEN, 2),
    case("aten.select.int", X(B, S, 3), 1, 0),
    case("aten.select.int", X(B, S, 3), 1, -1),
    case("aten.select.int", X(B, S, 3), 0, 0),
    case("aten.select.int", X(B, S, 3), -1, -2),
    case("aten.select.int", X(5), 0, 3),
    case("aten.select.int", X(1, 6000, S), 1, Size(S)),
    case("aten.narrow.default", X(B, S, 6), 2, 1, 3),
    case("aten.narrow.default", X(B, S, 6), 2, -2, 2),
    case("aten.split.Tensor", X(B, S, 6), 2, 2),
    case("aten.split.Tensor", X(B, S, 7), 3, -1),
    case("aten.split.Tensor", X(B, S, 6), 6, 2),
    case("aten.split_with_sizes.default", X(B, 7, 4, 6), [1, 2, 3], 3),
    case("aten.split_with_sizes.default", X(B, 6, S, dtype="int64"), [4, 2], 1).only(1),
    case("aten.split_with_sizes.default", X(B, 6, S, dtype="bool"), [4, 2], 1),
    case("aten.chunk.default", X(B, S, 6), 3, -1),
    case("aten.chunk.default", X(B, 7, S), 2, 1),
    case("aten.unbind.int", X(3, B, S)),
    case("aten.unbind.int", X(B, S, 2), -1),
    case("aten.slice_scatter.default", X(B, 6, 3), X(B, 2, 3), 1, 1, 3),
    case("aten.slice_scatter.default", X(B, 6, 3), X(B, 2, 3), 1, -2, OPEN),
    case("aten.slice_scatter.default", X(B, 6, 3), X(B, 6, 3), 1),
    case("aten.slice_scatter.default", X(B, S, 3), X(B, T, 3), 1, 1, OPEN),
    case("aten.select_scatter.default", X(B, 6, 3), X(B, 3), 1, -2),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (case("aten.slice.Tensor", X(1, 6000, S), 1, Size(S), OPEN, 2), "range with a step"),
        (case("aten.slice_scatter.default", X(B, S), X(B, 2), 1, 0, 2), "writing a range"),
        (case("aten.select_scatter.default", X(B, S), X(B), 1, 0), "writing into an axis"),
    ],
    ids=str,
)
def test_refuses(call: Case, reason: str) -> None:
    with pytest.raises(UnsupportedModelError, match=reason):
        _ = one_node(call).program
