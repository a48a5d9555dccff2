from __future__ import annotations

import pytest

from edge.manifest import TensorSpec
from packager.capture.graph import Dtype, Graph, Node, Ref, Tensor
from packager.lower.driver import lower
from tests.support.hops import check
from tests.support.one_node import COMPLEX, B, Case, S, X, case

CASES = [
    case("aten._fft_c2c.default", X(B, S, 6, dtype=COMPLEX), [1, 2], 0, True),
    case("aten._fft_c2c.default", X(B, S, 5, dtype=COMPLEX), [1], 1, False),
    case("aten._fft_c2c.default", X(B, S, 5, dtype=COMPLEX), [1, 2], 2, True),
    case("aten._fft_c2c.default", X(B, 4, 5, dtype=COMPLEX), [2, 1], 1, True),
    case("aten._fft_c2c.default", X(B, 7, 3, dtype=COMPLEX), [1], 2, False),
    case("aten._fft_c2c.default", X(S, dtype=COMPLEX), [0], 0, True),
    case("aten.view_as_real.default", X(B, S, 3, dtype=COMPLEX)),
    case("aten.view_as_complex.default", X(B, S, 3, 2)),
]


@pytest.mark.parametrize("call", CASES, ids=str)
def test_agrees_with_torch(call: Case) -> None:
    check(call)


def test_a_part_that_nobody_reads_is_not_computed() -> None:
    # FNet takes the real part of the transform of a real tensor.
    shape = (B, S, 8)
    graph = Graph(
        inputs=(TensorSpec(name="x", dtype="float32", shape=shape),),
        outputs=(TensorSpec(name="y", dtype="float32", shape=shape),),
        results=("real",),
        constants={},
        values={
            "x": Tensor("float32", shape),
            "wide": Tensor(COMPLEX, shape),
            "transform": Tensor(COMPLEX, shape),
            "parts": Tensor("float32", (*shape, 2)),
            "real": Tensor("float32", shape),
        },
        nodes=(
            Node("aten._to_copy.default", (Ref("x"),), {"dtype": Dtype(COMPLEX)}, ("wide",)),
            Node("aten._fft_c2c.default", (Ref("wide"), [1, 2], 0, True), {}, ("transform",)),
            Node("aten.view_as_real.default", (Ref("transform"),), {}, ("parts",)),
            Node("aten.select.int", (Ref("parts"), 3, 0), {}, ("real",)),
        ),
    )
    types = [op.type for op in lower(graph, {}).ops]
    assert types.count("matmul_v2") == 4
    assert "stack" not in types
