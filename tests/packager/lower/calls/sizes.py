from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import B, Case, S, Size, X, case
from tests.support.random_tensors import Calls, Draw, booleans, tensors

lengths = st.sampled_from((Size(B), Size(S), Size(S, 3)))
whole = st.integers(1, 9)


@st.composite
def of_axis(draw: Draw) -> Case:
    x = draw(tensors())
    x = x if any(isinstance(size, str) for size in x.shape) else X(*x.shape, S)
    axes = [axis for axis, size in enumerate(x.shape) if isinstance(size, str)]
    return case("aten.sym_size.int", x, draw(st.sampled_from(axes)) - draw(st.sampled_from((0, len(x.shape)))))


@st.composite
def of_all(draw: Draw) -> Case:
    return case("aten.sym_numel.default", X(B, *(size for size in draw(tensors(1, 3)).shape if size != B)))


@st.composite
def arithmetic(draw: Draw, op: str) -> Case:
    """Two sizes, or a size and a number on either side; no divisor is 0, and no size negative."""
    pair = [draw(lengths), draw(st.one_of(lengths, whole))]
    if op not in ("operator.sub", "operator.floordiv", "operator.mod") and draw(booleans):
        pair.reverse()
    return case(op, *pair).of(X(B, S))


@st.composite
def negated(draw: Draw) -> Case:
    return case("operator.neg", draw(lengths)).of(X(B, S))


CALLS: Calls = {
    "aten.sym_size.int": of_axis(),
    "aten.sym_numel.default": of_all(),
    **{f"operator.{name}": arithmetic(f"operator.{name}") for name in ("add", "sub", "mul", "floordiv", "mod")},
    **{f"torch.sym_{name}": arithmetic(f"torch.sym_{name}") for name in ("max", "min")},
    "operator.neg": negated(),
}
