from __future__ import annotations

import pytest

from tests.support.hops import check
from tests.support.one_node import B, Case, DType, S, W, X, case

WIDE = X(B, 33, low=-9, high=9)

CASES = [
    *(
        case(f"aten.{name}.default", WIDE)
        for name in (
            "gelu",
            "hardsigmoid",
            "hardswish",
            "hardtanh",
            "leaky_relu",
            "mish",
            "relu",
            "relu6",
            "selu",
            "sigmoid",
            "silu",
            "softplus",
            "tanh",
            "elu",
            "celu",
        )
    ),
    case("aten.gelu.default", WIDE, approximate="tanh"),
    case("aten.hardtanh.default", WIDE, 0.0, 6.0),
    case("aten.hardtanh.default", WIDE, -2, 3),
    case("aten.leaky_relu.default", WIDE, 0.3),
    case("aten.elu.default", WIDE, 0.7),
    case("aten.elu.default", WIDE, 0.7, 1.2, 0.5),
    case("aten.celu.default", WIDE, 1.5),
    case("aten.softplus.default", WIDE, 2.0, 8.0),
    case("aten.log_sigmoid.default", WIDE),
    case("aten.prelu.default", X(B, 5, 4, 4), W(5)),
    case("aten.prelu.default", X(B, 5, 4, 4), W(1)),
    case("aten._prelu_kernel.default", X(B, 5, 4, 4), W(1, 5, 1, 1)),
    case("aten.glu.default", X(B, S, 8)),
    case("aten.glu.default", X(B, 6, S), 1),
    case("aten._softmax.default", X(B, 2, S, S), -1, False),
    case("aten.softmax.int", X(B, 6, S), 1),
    case("aten.softmax.int", X(B, S, dtype="int64"), -1, dtype=DType("float32")),
    case("aten._log_softmax.default", X(B, S, 5), -1, False),
    case("aten.log_softmax.int", X(B, 6, S), 1),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)
