from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case, one_node

CASES = [
    case("aten.cat.default", [X(B, 1, 6), X(B, S, 6)], 1),
    case("aten.cat.default", [X(B, S, 6), X(B, S, 4), X(B, S, 1)], -1),
    case("aten.cat.default", [X(B, S, dtype="int64"), X(B, 1, dtype="int64")], 1),
    case("aten.cat.default", [X(B, S, dtype="bool"), X(B, 2, dtype="bool")], 1),
    case("aten.cat.default", [X(B, S, dtype="int64"), X(B, S)], 1),
    case("aten.cat.default", [W(0), X(B, S, 6)], 1),
    case("aten.stack.default", [X(B, S), X(B, S)], 1),
    case("aten.stack.default", [X(B, S), X(B, S), X(B, S)], -1),
    case("aten.stack.default", [X(B, S, dtype="int64"), X(B, S, dtype="int64")]),
    case("aten.stack.default", [X(B, S, dtype="bool"), X(B, S, dtype="bool")], 1),
    case("aten.stack.default", [W(values=1.0), W(values=2.0)]),
    case("aten.constant_pad_nd.default", X(B, 3, 6, 6), [0, 1, 0, 1], 0.0),
    case("aten.constant_pad_nd.default", X(B, 3, 6, 6), [1, 2, 3, 0], -1.5),
    case("aten.constant_pad_nd.default", X(B, 5, 6, 4), [0, 0, 0, 2, 0, 1]),
    case("aten.constant_pad_nd.default", X(B, 5, 6, 4), [0, 0, 0, 0, 0, 0], 0.0),
    case("aten.constant_pad_nd.default", X(B, S), [1, 0]),
    case("aten.constant_pad_nd.default", X(B, S, 4), [0, 0, 1, 2]),
    case("aten.constant_pad_nd.default", X(B, 3, 6, 6), [-1, 1, 2, -2]),
    case("aten.constant_pad_nd.default", X(B, S, dtype="int64"), [1, 1], 7),
    case("aten.constant_pad_nd.default", X(B, S, dtype="bool"), [1, 1], 1),
    case("aten.constant_pad_nd.default", X(B, 5, dtype="bool"), [-1, 0]),
    case("aten.reflection_pad2d.default", X(B, 3, 6, 5), [1, 2, 3, 0]),
    case("aten.reflection_pad2d.default", X(B, 3, S, S), [1, 1, 1, 1]).but(paddlelite="its pad3d repeats wrong edges"),
    case("aten.replication_pad2d.default", X(B, 3, 6, 5), [1, 2, 3, 0]),
    case("aten.roll.default", X(B, 8, 8, 3), [-3, -2], [1, 2]),
    case("aten.roll.default", X(B, S), [1], [1]),
    case("aten.roll.default", X(B, 3), [-4], [1]),
    case("aten.tril.default", X(5, 5)),
    case("aten.tril.default", X(B, S, 3, dtype="bool"), -1),
    case("aten.triu.default", X(B, S, 3, dtype="bool")),
    case("aten.tril.default", X(B, 2, 5, 4), 1),
    case("aten.triu.default", X(5, 5), 1),
    case("aten.triu.default", X(S, S)),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (case("aten.roll.default", X(3, 4), [1]), "rolling over all axes"),
        (case("aten.reflection_pad2d.default", X(3, 4, 4), [1, 1, 1, 1]), "without a batch axis"),
    ],
    ids=str,
)
def test_refuses(call: Case, reason: str) -> None:
    with pytest.raises(UnsupportedModelError, match=reason):
        _ = one_node(call).program
