from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from tests.support.hops import check
from tests.support.one_node import B, Case, S, X, case, one_node

IMAGE = X(B, 3, 12, 10)

CASES = [
    case("aten.max_pool2d.default", IMAGE, [3, 3], [2, 2], [1, 1]),
    case("aten.max_pool2d.default", IMAGE, [3, 2]),
    case("aten.max_pool2d.default", IMAGE, 3, 2, 0, 1, True),
    case("aten.max_pool2d.default", X(B, 3, S, S), [2, 2], [1, 1]),
    case("aten.max_pool2d.default", X(B, 3, S, S), [2, 2], [1, 1], [0, 0], [1, 1], True),
    case("aten.max_pool2d_with_indices.default", IMAGE, [3, 3], [2, 2], [1, 1]).only(0),
    case("aten.max_pool1d.default", X(B, 3, 12), [3], [2], [1]),
    case("aten.avg_pool2d.default", IMAGE, [3, 3], [2, 2], [1, 1]),
    case("aten.avg_pool2d.default", IMAGE, [3, 3], [2, 2], [1, 1], False, False),
    case("aten.avg_pool2d.default", IMAGE, [2, 3], [], [0, 0]),
    case("aten.avg_pool2d.default", IMAGE, [3, 3], [2, 2], [0, 0], True),
    case("aten.avg_pool2d.default", IMAGE, [3, 3], [2, 2], [1, 1], True, False),
    case("aten.avg_pool2d.default", X(B, 5, 2, 2), [1280, 1280], [1280, 1280], [0, 0], True),
    case("aten.avg_pool1d.default", X(B, 3, 12), [3], [2], [1]),
    case("aten.adaptive_avg_pool2d.default", IMAGE, [1, 1]),
    case("aten.adaptive_avg_pool2d.default", X(B, 3, S, S), [1, 1]),
    case("aten.adaptive_avg_pool2d.default", IMAGE, [3, 5]),
    case("aten.adaptive_avg_pool2d.default", IMAGE, [5, 3]),
    case("aten._adaptive_avg_pool2d.default", IMAGE, [6, 10]),
    case("aten.adaptive_avg_pool1d.default", X(B, 3, 12), [1]),
    case("aten.adaptive_avg_pool1d.default", X(B, 3, 12), [5]),
    case("aten.adaptive_max_pool2d.default", IMAGE, [1, 1]).only(0),
    case("aten.adaptive_max_pool2d.default", IMAGE, [3, 2]).only(0),
    case("aten.adaptive_max_pool1d.default", X(B, 3, 12), [4]).only(0),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (case("aten.max_pool2d.default", IMAGE, 3, 2, 0, 2), "dilated pooling"),
        (case("aten.max_pool2d.default", X(3, 12, 10), 3), "without a batch axis"),
        (case("aten.avg_pool2d.default", IMAGE, 3, 2, 0, False, True, 7), "divisor_override"),
        (case("aten.avg_pool2d.default", IMAGE, 3, 2, 1, True, True), "ceil_mode"),
        (case("aten.max_pool2d.default", X(B, 3, S, S), 3, 2, 0, 1, True), "ceil_mode needs a fixed image size"),
        (case("aten.adaptive_max_pool2d.default", IMAGE, [5, 3]).only(0), "unequal size"),
        (case("aten.adaptive_avg_pool2d.default", X(B, 3, S, S), [2, 2]), "needs a fixed image size"),
    ],
    ids=str,
)
def test_refuses_what_no_engine_does_alike(call: Case, reason: str) -> None:
    with pytest.raises(UnsupportedModelError, match=reason):
        _ = one_node(call).program
