from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan

from hypothesis import strategies as st

from tests.support.one_node import Case, X, case
from tests.support.random_tensors import ANY, Calls, Draw, numbers, operands, tensors, unary

WHOLE = ("bool", "int64", "int32")


@st.composite
def of_tensors(draw: Draw, op: str, dtypes: Sequence[str] = ANY) -> Case:
    return case(op, *draw(operands(dtypes=dtypes)))


@st.composite
def of_number(draw: Draw, op: str) -> Case:
    return case(op, draw(tensors(dtypes=ANY)), draw(numbers))


@st.composite
def bits(draw: Draw, op: str) -> Case:
    return case(op, draw(tensors(dtypes=("int64", "int32"), low=-9, high=9)), draw(st.integers(-5, 5)))


@st.composite
def of_specials(draw: Draw, op: str) -> Case:
    values = draw(st.lists(st.sampled_from((0.0, 1.5, -2.0, nan, inf, -inf)), min_size=1, max_size=6))
    return case(op, X(values=values))


CALLS: Calls = {
    **{f"aten.{name}.Tensor": of_tensors(f"aten.{name}.Tensor") for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    **{f"aten.{name}.Scalar": of_number(f"aten.{name}.Scalar") for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    **{f"aten.logical_{name}.default": of_tensors(f"aten.logical_{name}.default") for name in ("and", "or", "xor")},
    **{
        f"aten.{name}.Tensor": of_tensors(f"aten.{name}.Tensor", WHOLE)
        for word in ("and", "or", "xor")
        for name in (f"bitwise_{word}", f"__{word}__")
    },
    **{f"aten.bitwise_{name}.Scalar": bits(f"aten.bitwise_{name}.Scalar") for name in ("and", "or", "xor")},
    "aten.isnan.default": of_specials("aten.isnan.default"),
    "aten.isinf.default": of_specials("aten.isinf.default"),
    "aten.logical_not.default": unary("aten.logical_not.default", dtypes=ANY),
    "aten.bitwise_not.default": unary("aten.bitwise_not.default", dtypes=WHOLE),
}
