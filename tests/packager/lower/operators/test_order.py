from __future__ import annotations

import pytest

from tests.support.hops import check
from tests.support.one_node import B, Case, S, X, case

CASES = [
    case("aten.argmax.default", X(B, S, 5), -1),
    case("aten.argmax.default", X(B, S), 1, True),
    case("aten.argmax.default", X(7), 0),
    case("aten.argmax.default", X(3, 5)),
    case("aten.argmax.default", X(B, S, dtype="int64", low=-99, high=99), 1),
    case("aten.argmin.default", X(B, S, 5), -1),
    case("aten.argmin.default", X(3, 5)),
    case("aten.argmin.default", X(B, S, dtype="int64", low=-99, high=99), 1),
    case("aten.max.dim", X(B, S, 5), -1),
    case("aten.max.dim", X(7), 0),
    case("aten.max.dim", X(B, S), 1, True),
    case("aten.min.dim", X(B, S, 5), 1),
    case("aten.min.dim", X(B, S, dtype="int64", low=-99, high=99), 1),
    case("aten.topk.default", X(B, 9), 3),
    case("aten.topk.default", X(values=[[5, 3, 9, 1]], dtype="int64"), 2, -1, False).but(
        paddlelite="its top_k_v2 takes floats only"
    ),
    case("aten.topk.default", X(B, 9), 3, -1, False),
    case("aten.topk.default", X(B, 9, 4), 3, 1, False),
    case("aten.topk.default", X(B, S, 9, 4), 2, 2),
    case("aten.sort.default", X(B, S)),
    case("aten.sort.default", X(B, S, 3), 1, True),
    case("aten.argsort.default", X(B, S), -1, True),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)
