from __future__ import annotations

import pytest

from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case

POSITIVE = W(6, low=0.5, high=2)
IMAGE = X(B, 6, 5, 4)
STATISTICS = (W(6), POSITIVE)

CASES = [
    case("aten._native_batch_norm_legit_no_training.default", IMAGE, W(6), W(6), *STATISTICS, 0.1, 1e-3).only(0),
    case("aten._native_batch_norm_legit_no_training.default", IMAGE, None, None, *STATISTICS, 0.1, 1e-5).only(0),
    case("aten._native_batch_norm_legit_no_training.default", X(B, 6), W(6), W(6), *STATISTICS, 0.1, 1e-5).only(0),
    case("aten._native_batch_norm_legit_no_training.default", X(B, 6, S), W(6), W(6), *STATISTICS, 0.1, 1e-5).only(0),
    case("aten._native_batch_norm_legit_no_training.default", X(B, 6, S, S), W(6), W(6), *STATISTICS, 0.1, 1e-5).only(
        0
    ),
    case("aten.batch_norm.default", IMAGE, W(6), W(6), *STATISTICS, False, 0.1, 1e-3, False),
    case("aten.layer_norm.default", X(B, S, 6), [6], W(6), W(6), 1e-12),
    case("aten.layer_norm.default", X(B, S, 6), [6], W(6), None, 1e-5),
    case("aten.layer_norm.default", X(B, S, 6), [6]),
    case("aten.layer_norm.default", X(6), [6], W(6)),
    case("aten.layer_norm.default", X(B, 3, 6), [3, 6], W(3, 6), W(3, 6), 1e-5),
    case("aten.native_layer_norm.default", X(B, S, 6), [6], W(6), W(6), 1e-5).only(0),
    case("aten.group_norm.default", IMAGE, 3, W(6), W(6), 1e-3),
    case("aten.group_norm.default", X(B, 6, S, S), 2, W(6), W(6)),
    case("aten.group_norm.default", X(B, 6, S), 2),
    case("aten.native_group_norm.default", X(3, 6, 5, 4), W(6), W(6), 3, 6, 20, 2, 1e-5).only(0),
    case("aten.instance_norm.default", IMAGE, W(6), W(6), None, None, True, 0.1, 1e-5, False),
    case("aten.instance_norm.default", X(B, 6, S), None, None, None, None, True, 0.1, 1e-5, False),
    case("aten.instance_norm.default", IMAGE, W(6), W(6), *STATISTICS, False, 0.1, 1e-5, False),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)
