from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from tests.support.hops import check
from tests.support.one_node import B, Case, DType, S, X, case, one_node

IMAGE = X(B, 3, 5, 4)

CASES = [
    case("aten.mean.dim", IMAGE, [-2, -1]),
    case("aten.mean.dim", IMAGE, [-1, -2], True),
    case("aten.mean.dim", X(B, S, 4), [1]),
    case("aten.mean.dim", X(B, S, 4), [-1], True),
    case("aten.mean.dim", IMAGE, [1, 3]),
    case("aten.mean.dim", IMAGE, [0, 2]),
    case("aten.mean.dim", X(S), [0]),
    case("aten.mean.dim", X(B, S, dtype="bool"), [1], dtype=DType("float32")),
    case("aten.mean.default", X(B, S)),
    case("aten.sum.dim_IntList", X(B, S, 4), [1]),
    case("aten.sum.dim_IntList", X(B, S, 4), [0, 1, 2], True),
    case("aten.sum.dim_IntList", X(B, S, dtype="bool"), [-1]),
    case("aten.sum.dim_IntList", X(B, S, dtype="int64"), [-1], True),
    case("aten.sum.dim_IntList", X(B, S), None),
    case("aten.sum.default", X(B, S)),
    case("aten.sum.default", X(B, S, dtype="int32")),
    case("aten.prod.dim_int", X(B, 5), 1),
    case("aten.prod.default", X(3, 5)),
    case("aten.amax.default", IMAGE, [2, 3]),
    case("aten.amax.default", X(B, S, 4), [-1], True),
    case("aten.max.default", X(B, S)),
    case("aten.amin.default", X(B, S, 4), [1]),
    case("aten.amin.default", X(B, S, dtype="int64"), [1]),
    case("aten.min.default", X(B, S)),
    case("aten.any.dim", X(B, S, dtype="bool"), 1),
    case("aten.any.dim", X(B, 4, S, S, dtype="bool"), -1, True),
    case("aten.any.dims", X(B, S, 4, dtype="bool"), [0, 2]),
    case("aten.any.default", X(B, S, dtype="bool")),
    case("aten.all.dim", X(B, S, dtype="int64"), 1),
    case("aten.all.dims", X(B, S, 4, dtype="bool"), [1, 2]),
    case("aten.all.default", X(B, S, dtype="bool")),
    case("aten.var.correction", X(B, S, 6), [-1], correction=0),
    case("aten.var.correction", IMAGE, [2, 3], correction=1, keepdim=True),
    case("aten.var.correction", IMAGE, [1]),
    case("aten.std.correction", X(B, S, 6), [-1]),
    case("aten.var_mean.correction", X(B, S, 6), [-1], correction=0, keepdim=True),
    case("aten.var_mean.correction", X(B, S, 6), [-1]),
    case("aten.linalg_vector_norm.default", X(B, 5, 5, 6), 2, [1, 2], True),
    case("aten.linalg_vector_norm.default", X(B, S, 6), 1, [-1]),
    case("aten.linalg_vector_norm.default", X(B, S, 6), float("inf"), [-1]),
    case("aten.linalg_vector_norm.default", X(B, S)),
    case("aten.norm.ScalarOpt_dim", X(B, S, 6), 2, [-1], True),
    case("aten.logsumexp.default", X(B, S, 6, low=-90, high=90), [-1]),
    case("aten.logsumexp.default", X(B, S, 6), [1], True),
    case("aten.cumsum.default", X(B, S, dtype="int32"), 1),
    case("aten.cumsum.default", X(B, S, dtype="bool"), -1),
    case("aten.cumsum.default", X(B, S, 3), 0),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (case("aten.var.correction", X(B, S), [1]), "axis of unknown size"),
        (case("aten.linalg_vector_norm.default", X(B, 5), 3, [1]), "norm of order 3"),
    ],
    ids=str,
)
def test_refuses(call: Case, reason: str) -> None:
    with pytest.raises(UnsupportedModelError, match=reason):
        _ = one_node(call).program
