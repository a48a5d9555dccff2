from __future__ import annotations

import pytest

from tests.support.hops import check
from tests.support.one_node import B, Case, S, Size, X, case

CASES = [
    case("aten.sym_size.int", X(B, S), 1),
    case("aten.sym_size.int", X(B, S, 3), -2),
    case("aten.sym_numel.default", X(B, S, 3)),
    case("operator.add", Size(B), Size(S)).of(X(B, S)),
    case("operator.add", 3, Size(S)).of(X(B, S)),
    case("operator.sub", Size(S), 2).of(X(B, S)),
    case("operator.mul", 64, Size(B)).of(X(B, S)),
    case("operator.floordiv", Size(S), 2).of(X(B, S)),
    case("operator.mod", Size(S), 3).of(X(B, S)),
    case("operator.neg", Size(S)).of(X(B, S)),
    case("torch.sym_max", Size(S), 5).of(X(B, S)),
    case("torch.sym_min", Size(S), Size(B)).of(X(B, S)),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)
