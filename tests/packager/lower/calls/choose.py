from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.support.one_node import Case, W, X, case
from tests.support.random_tensors import ANY, Calls, Draw, booleans, broadcastable, numbers, shapes

fills = st.sampled_from((0, 1, -3, 0.5, -1e9))


def constant_or_tensor(draw: Draw, shape: tuple[Any, ...], dtype: str) -> X:
    one = W(values=draw(st.sampled_from((0, 2, 1))), dtype=dtype)
    return one if draw(st.integers(0, 2)) == 0 else X(*shape, dtype=dtype)


@st.composite
def where(draw: Draw) -> Case:
    """Any dtypes, of which the result has the wider one."""
    condition, x, y = draw(broadcastable(3))
    dtypes = st.sampled_from(ANY)
    first, second = (constant_or_tensor(draw, shape, draw(dtypes)) for shape in (x, y))
    return case("aten.where.self", X(*condition, dtype="bool"), first, second)


@st.composite
def where_number(draw: Draw, op: str) -> Case:
    condition, x = draw(broadcastable(2))
    dtype, number = draw(st.sampled_from(("float32", "int64"))), draw(numbers)
    sides = [X(*x, dtype=dtype), number if dtype == "float32" else int(number)]
    return case(op, X(*condition, dtype="bool"), *sides[:: 1 if op.endswith("Other") else -1])


@st.composite
def where_numbers(draw: Draw) -> Case:
    return case("aten.where.Scalar", X(*draw(shapes()), dtype="bool"), draw(fills), draw(fills))


@st.composite
def masked_fill(draw: Draw, op: str) -> Case:
    whole = draw(shapes())
    mask = whole[draw(st.integers(0, len(whole) - 1)) :]
    mask = tuple(draw(st.sampled_from((size, 1))) for size in mask)
    dtype = draw(st.sampled_from(ANY))
    value: Any = {"float32": draw(fills), "bool": draw(booleans)}.get(dtype, 7)
    filling = W(values=value, dtype=dtype) if op.endswith("Tensor") else value
    return case(op, X(*whole, dtype=dtype), X(*mask, dtype="bool"), filling)


CALLS: Calls = {
    "aten.where.self": where(),
    "aten.where.ScalarSelf": where_number("aten.where.ScalarSelf"),
    "aten.where.ScalarOther": where_number("aten.where.ScalarOther"),
    "aten.where.Scalar": where_numbers(),
    "aten.masked_fill.Scalar": masked_fill("aten.masked_fill.Scalar"),
    "aten.masked_fill.Tensor": masked_fill("aten.masked_fill.Tensor"),
}
