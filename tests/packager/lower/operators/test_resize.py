from __future__ import annotations

import pytest

from tests.support.hops import check
from tests.support.one_node import B, Case, S, Size, X, case

IMAGE = X(B, 3, 6, 5)
NO_BICUBIC = "Paddle Lite has no such operator"

CASES = [
    case("aten.upsample_nearest2d.vec", IMAGE, None, [2.0, 3.0]),
    case("aten.upsample_nearest2d.vec", IMAGE, [9, 7], None),
    case("aten.upsample_nearest2d.vec", X(B, 3, S, S), None, [2.0, 2.0]),
    case("aten.upsample_nearest2d.vec", X(B, 3, S, S), [Size(S, 2), Size(S, 3)], None),
    case("aten.upsample_nearest2d.default", IMAGE, [12, 10]),
    case("aten.upsample_bilinear2d.vec", IMAGE, None, False, [2.0, 2.0]),
    case("aten.upsample_bilinear2d.vec", IMAGE, [9, 7], True, None),
    case("aten.upsample_bilinear2d.vec", IMAGE, [4, 3], False, None),
    case("aten.upsample_bilinear2d.vec", X(B, 3, S, S), None, False, [2.0, 2.0]),
    case("aten.upsample_bilinear2d.default", IMAGE, [9, 7], False),
    case("aten.upsample_bicubic2d.vec", IMAGE, [9, 7], False, None).but(paddlelite=NO_BICUBIC),
    case("aten.upsample_bicubic2d.default", IMAGE, [9, 7], True).but(paddlelite=NO_BICUBIC),
    case("aten.pixel_shuffle.default", X(B, 8, 3, 4), 2),
    case("aten.pixel_shuffle.default", X(B, 8, S, S), 2),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)
