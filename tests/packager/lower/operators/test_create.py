from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from tests.support.hops import check
from tests.support.one_node import B, Case, DType, S, Size, X, case, one_node

INT, FLOAT = DType("int64"), DType("float32")

CASES = [
    case("aten.full.default", [2, 3], 1.5),
    case("aten.full.default", [2, 3], 2**40, dtype=INT),
    case("aten.full.default", [2], float("-inf")).but(paddlelite="fills of -inf are clamped to -1e9"),
    case("aten.full.default", [], 3.0),
    case("aten.zeros.default", [2, 3], dtype=INT),
    case("aten.ones.default", [2, 3], dtype=FLOAT),
    case("aten.new_full.default", X(B, S), [Size(B), 1, Size(S)], 7, dtype=INT),
    case("aten.new_full.default", X(B, S), [2, Size(S)], 0.5),
    case("aten.new_zeros.default", X(B, S), [Size(B), Size(S)], dtype=INT),
    case("aten.new_ones.default", X(B, S), [Size(B), 3]),
    case("aten.full_like.default", X(S, S, dtype="int64"), 15),
    case("aten.full_like.default", X(B, S, dtype="int64"), 0.5, dtype=FLOAT),
    case("aten.full_like.default", X(2, 3), 0.5),
    case("aten.zeros_like.default", X(B, S)),
    case("aten.ones_like.default", X(B, S), dtype=INT),
    case("aten.ones_like.default", X(B, S, dtype="bool")),
    case("aten.fill.Scalar", X(B, S), 2.5),
    case("aten.scalar_tensor.default", 2.5),
    case("aten.scalar_tensor.default", 7, dtype=INT),
    case("aten.scalar_tensor.default", float("-inf")).but(paddlelite="fills of -inf are clamped to -1e9"),
    case("aten.arange.start_step", 0, 6, 2, dtype=INT),
    case("aten.arange.start_step", 0.0, 1.0, 0.25),
    case("aten.arange.start", 2, 6),
    case("aten.arange.default", 5),
    case("aten.full.default", [Size(B), Size(S)], 0, dtype=INT).of(X(B, S)),
    case("aten.zeros.default", [Size(B), 3]).of(X(B, S)),
    case("aten.ones.default", [Size(S, 2), Size(B)], dtype=DType("int32")).of(X(B, S)),
    case("aten.arange.start_step", 0, Size(S), dtype=INT).of(X(B, S)),
    case("aten.arange.start_step", 0, Size(S), 2, dtype=FLOAT).of(X(B, S)),
    case("aten.arange.start", 1, Size(S, 2)).of(X(B, S)),
    case("aten.arange.default", Size(B)).of(X(B, S)),
    case("aten.scalar_tensor.default", Size(S), dtype=INT).of(X(B, S)),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


def test_refuses_a_value_known_at_run_time_only() -> None:
    with pytest.raises(UnsupportedModelError, match="only known at run time"):
        _ = one_node(case("aten.new_full.default", X(B), [2], Size(B))).program
