from __future__ import annotations

import pytest

from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case

CLAMPED = "fills of -inf are clamped to -1e9"

CASES = [
    case("aten.where.self", X(B, S, dtype="bool"), X(B, S), X(B, S)),
    case("aten.where.self", X(S, S, dtype="bool"), X(S, S, dtype="int64"), X(S, S, dtype="int64")),
    case("aten.where.self", X(B, 1, S, S, dtype="bool"), W(values=0.0), W(values=-1e9)),
    case("aten.where.self", X(B, 1, 7, 7, dtype="bool"), W(values=0.0), X(7, 1)),
    case("aten.where.self", X(1, 1, S, S, dtype="bool"), X(B, 2, S, S), W(values=-1e9)),
    case("aten.where.self", X(S, dtype="bool"), X(B, 1, S), X(B, 3, 1)),
    case("aten.where.self", X(S, S, dtype="bool"), X(B, 2, S, S), X(B, 2, S, S)),
    case("aten.where.self", X(B, S, dtype="bool"), X(B, S, dtype="int64"), X(B, S)),
    case("aten.where.ScalarSelf", X(B, S, dtype="bool"), 1.0, X(B, S)),
    case("aten.where.ScalarOther", X(B, S, dtype="bool"), X(B, S), 2.0),
    case("aten.where.Scalar", X(B, S, dtype="bool"), 1.0, 0.0),
    case("aten.masked_fill.Scalar", X(B, 2, S, S), X(B, 1, 1, S, dtype="bool"), -1e9),
    case("aten.masked_fill.Scalar", X(B, S, dtype="int64"), X(B, S, dtype="bool"), 7),
    case("aten.masked_fill.Scalar", X(B, S, dtype="bool"), X(B, S, dtype="bool"), False),
    case("aten.masked_fill.Scalar", X(B, S), X(B, S, dtype="bool"), float("-inf")).but(paddlelite=CLAMPED),
    case("aten.masked_fill.Tensor", X(B, 2, S, S), X(S, S, dtype="bool"), W(values=-3.0)),
    case("aten.where.self", X(B, S, dtype="bool"), W(values=2.0), W(values=0.0)),
    case("aten.where.self", X(B, S, dtype="bool"), W(values=0.0), W(values=float("-inf"))).but(paddlelite=CLAMPED),
    case("aten.where.self", X(B, S, dtype="bool"), W(values=1.5), W(values=0.3)),
    case("aten.where.self", X(B, 1, 1, S, dtype="bool"), X(S, 1), W(values=0.3)),
    case("aten.where.self", X(B, S, dtype="bool"), X(B, S, dtype="bool"), X(S, dtype="bool")),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)
