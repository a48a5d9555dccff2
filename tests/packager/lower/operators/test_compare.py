from __future__ import annotations

import numpy as np
import pytest

from tests.support.hops import check
from tests.support.one_node import B, Case, S, W, X, case

NUMBERS = X(B, S, dtype="int64", low=-99, high=99)
SPECIAL = [[np.nan, 1.0, -np.inf, np.inf, 0.0]]

CASES = [
    *(
        case(f"aten.{name}.Tensor", X(B, S, dtype="int64"), X(B, S, dtype="int64"))
        for name in ("eq", "ne", "lt", "le", "gt", "ge")
    ),
    *(case(f"aten.{name}.Scalar", X(B, S, dtype="int64"), 1) for name in ("eq", "ne", "lt", "le", "gt", "ge")),
    *(
        case(f"aten.{name}.Tensor", X(S, dtype="int64"), X(S, 1, dtype="int64"))
        for name in ("eq", "ne", "lt", "le", "gt", "ge")
    ),
    *(case(f"aten.{name}.Tensor", X(B, 1, 1, S), X(B, 1, S, 1)) for name in ("eq", "ne", "lt", "le", "gt", "ge")),
    case("aten.ge.Scalar", X(1, 1, S, 1, dtype="int64"), 0),
    case("aten.lt.Scalar", X(B, S), 0.5),
    case("aten.lt.Scalar", X(B, S, dtype="int64"), 0.5),
    case("aten.gt.Scalar", X(B, S, dtype="int32"), 0),
    case("aten.eq.Scalar", X(B, S, dtype="bool"), 0),
    case("aten.eq.Tensor", X(B, S, dtype="bool"), X(S, dtype="bool")),
    case("aten.eq.Tensor", X(B, S, dtype="int32"), X(B, S, dtype="int64")),
    case("aten.ne.Scalar", X(B, S, dtype="bool"), False),
    case("aten.isnan.default", X(values=SPECIAL)),
    case("aten.isinf.default", X(values=SPECIAL)),
    *(
        case(f"aten.logical_{name}.default", X(B, 1, S, 1, dtype="bool"), X(B, 1, 1, S, dtype="bool"))
        for name in ("and", "or", "xor")
    ),
    case("aten.logical_and.default", X(B, S), X(B, S, dtype="int64")),
    *(
        case(f"aten.bitwise_{name}.Tensor", X(B, S, dtype="bool"), X(B, S, dtype="bool"))
        for name in ("and", "or", "xor")
    ),
    *(case(f"aten.__{name}__.Tensor", X(B, S, dtype="bool"), X(B, S, dtype="bool")) for name in ("and", "or", "xor")),
    *(
        case(f"aten.bitwise_{name}.Tensor", NUMBERS, X(S, dtype="int64", low=-99, high=99))
        for name in ("and", "or", "xor")
    ),
    *(case(f"aten.bitwise_{name}.Scalar", NUMBERS, 6) for name in ("and", "or", "xor")),
    case("aten.bitwise_xor.Tensor", X(B, S, dtype="int32", low=-99, high=99), X(B, S, dtype="int32", low=-99, high=99)),
    case("aten.bitwise_and.Tensor", W(values=True, dtype="bool"), X(1, 1, S, 1, dtype="bool")),
    case("aten.bitwise_and.Tensor", X(1, 1, S, 1, dtype="bool"), X(B, 1, 1, S, dtype="bool")),
    case("aten.logical_not.default", X(B, S, dtype="bool")),
    case("aten.logical_not.default", X(B, S, dtype="int64")),
    case("aten.bitwise_not.default", X(B, 1, 1, S, dtype="bool")),
    case("aten.bitwise_not.default", X(B, S, dtype="int64")),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)
