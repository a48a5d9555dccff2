from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.one_node import Case, DType, S, Size, X, case
from tests.support.random_tensors import ANY, Calls, Draw, as_argument, booleans, shapes, tensors

values = st.sampled_from((0, 1, -3, 7))
dtypes = st.sampled_from(ANY)


def filling(draw: Draw, *, with_value: bool) -> tuple[list[Any], dict[str, Any]]:
    dtype = draw(dtypes)
    value = draw(st.sampled_from((0.5, -2.0))) if dtype == "float32" else draw(values)
    value = bool(value) if dtype == "bool" else value
    return ([value] if with_value else []), {"dtype": DType(dtype)}


@st.composite
def filled(draw: Draw, op: str, *, with_value: bool, new: bool) -> Case:
    like = draw(shapes(1, 4))
    value, options = filling(draw, with_value=with_value)
    size = [as_argument(length) for length in like]
    # Nothing of torch's default may hide: `new_…` without a dtype takes that of its tensor.
    if new:
        x = X(*like, dtype=draw(dtypes))
        return case(op, x, size, *value, **options)
    return case(op, size, *value, **options).of(X(*like))


@st.composite
def like(draw: Draw, op: str, *, with_value: bool) -> Case:
    x = draw(tensors(dtypes=ANY))
    value, options = filling(draw, with_value=with_value)
    return case(op, x, *value, **options)


@st.composite
def fill(draw: Draw) -> Case:
    x = draw(tensors(dtypes=("float32", "int64", "int32")))
    return case("aten.fill.Scalar", x, draw(values))


@st.composite
def scalar(draw: Draw) -> Case:
    value, options = filling(draw, with_value=True)
    return case("aten.scalar_tensor.default", *value, **options)


@st.composite
def arange(draw: Draw, op: str) -> Case:
    """Up to a number or to the length of the sequence, in a dtype that is given or follows from the bounds."""
    end: Any = Size(S, draw(st.integers(1, 2))) if draw(booleans) else draw(st.integers(3, 9))
    start = [draw(st.integers(-2, 2))] if op != "aten.arange.default" else []
    step = [draw(st.sampled_from((1, 2)))] if op == "aten.arange.start_step" else []
    options = {"dtype": DType(draw(st.sampled_from(("float32", "int64", "int32"))))} if draw(booleans) else {}
    return case(op, *start, end, *step, **options).of(X(S))


CALLS: Calls = {
    "aten.full.default": filled("aten.full.default", with_value=True, new=False),
    "aten.zeros.default": filled("aten.zeros.default", with_value=False, new=False),
    "aten.ones.default": filled("aten.ones.default", with_value=False, new=False),
    "aten.new_full.default": filled("aten.new_full.default", with_value=True, new=True),
    "aten.new_zeros.default": filled("aten.new_zeros.default", with_value=False, new=True),
    "aten.new_ones.default": filled("aten.new_ones.default", with_value=False, new=True),
    "aten.full_like.default": like("aten.full_like.default", with_value=True),
    "aten.zeros_like.default": like("aten.zeros_like.default", with_value=False),
    "aten.ones_like.default": like("aten.ones_like.default", with_value=False),
    "aten.fill.Scalar": fill(),
    "aten.scalar_tensor.default": scalar(),
    **{f"aten.arange.{name}": arange(f"aten.arange.{name}") for name in ("default", "start", "start_step")},
}
