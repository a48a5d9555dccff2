"""Compares one call on every engine with torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import event, reject
from numpy.typing import NDArray

from edge.errors import EdgeError
from packager.capture.graph import Graph
from packager.errors import UnsupportedModelError
from packager.lower.registry import lookup
from tests.support.engines import run_everywhere
from tests.support.one_node import COMPLEX, Case, OneNode, Size, leaves, one_node

HOPS = ("paddle", "onnxruntime", "paddlelite")
RELATIVE = 2e-5


def check(case: Case, *, seed: int = 0, hops: tuple[str, ...] = HOPS) -> None:
    """The call gives torch's numbers on every hop; a hop that is said to fail must still fail."""
    node = one_node(case, seed=seed)
    emitted = {op.type for op in node.program.ops} - allowed_beside(case, node.graph)
    assert emitted <= set(lookup(case.op).emits), f"{case.op} does not say that it emits these"
    for hop in hops:
        if hop in case.cannot:
            with pytest.raises((EdgeError, AssertionError)):
                compare(node, hop)
        else:
            compare(node, hop)


def check_unless_refused(case: Case) -> None:
    """A drawn call gives torch's numbers on every hop, unless its lowering or an engine's guard says that it cannot."""
    node = one_node(case)
    try:
        program = node.program
    except UnsupportedModelError as error:
        if not isinstance(error.__cause__, ValueError):
            raise  # an accident of the lowering, which the driver reports alike
        event(f"refused: {error}")
        reject()
    emitted = {op.type for op in program.ops} - allowed_beside(case, node.graph)
    assert emitted <= set(lookup(case.op).emits), f"{case.op} does not say that it emits these"
    for hop in HOPS:
        _compare_unless_refused(node, hop)


def _compare_unless_refused(node: OneNode, hop: str) -> None:
    try:
        compare(node, hop)
    except UnsupportedModelError as error:
        event(f"refused by {hop}: {error}")


def allowed_beside(case: Case, graph: Graph) -> set[str]:
    """Operators that come from the sizes and complex numbers of the call, and from the naming of outputs."""
    sizes = any(isinstance(leaf, Size) for leaf in leaves((case.args, case.kwargs)))
    pairs = any(value.dtype == COMPLEX for value in graph.values.values())
    beside = {"shape", "slice", "elementwise_mul", "fill_constant"} if sizes else set()
    return {"assign"} | beside | ({"fill_any_like", "slice", "squeeze2", "stack"} if pairs else set())


def compare(node: OneNode, hop: str) -> None:
    for got, wanted in zip(run_everywhere(node.program, node.feeds, hops=[hop])[hop], node.expected, strict=True):
        for name, array in wanted.items():
            assert_close(got[name], array, f"{hop} {name}")


def assert_close(got: NDArray[Any], wanted: NDArray[Any], where: str) -> None:
    # A 0-d result has shape [1], and Paddle Lite gives bool as int32.
    got = got.reshape(got.shape or (1,))
    assert got.shape == wanted.shape, where
    if wanted.dtype.kind != "f":
        np.testing.assert_array_equal(got.astype(wanted.dtype), wanted, where)
        return
    finite = wanted[np.isfinite(wanted)]
    bound = RELATIVE * max(1.0, float(np.abs(finite).max(initial=0)))
    np.testing.assert_allclose(got, wanted, rtol=RELATIVE, atol=bound, err_msg=where)
