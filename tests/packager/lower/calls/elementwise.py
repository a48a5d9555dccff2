from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support.one_node import Case, X, case
from tests.support.random_tensors import (
    ANY,
    FLOAT,
    NUMBERS,
    Calls,
    Draw,
    booleans,
    nonzero,
    numbers,
    operands,
    tensors,
    unary,
)

# Where each function is defined, and far enough from its poles for float32.
RANGES = {
    "acos": (-1.0, 1.0),
    "asin": (-1.0, 1.0),
    "log": (0.1, 9.0),
    "log10": (0.1, 9.0),
    "log1p": (-0.9, 9.0),
    "log2": (0.1, 9.0),
    "reciprocal": (0.5, 9.0),
    "rsqrt": (0.1, 9.0),
    "sqrt": (0.1, 9.0),
    "tan": (-1.0, 1.0),
}
OF_FLOATS = ("atan", "cos", "cosh", "erf", "exp", "expm1", "log_sigmoid", "relu", "sigmoid", "silu", "sin", "sinh")
OF_NUMBERS = ("abs", "ceil", "floor", "neg", "round", "sign", "square", "trunc")


@st.composite
def arithmetic(draw: Draw, op: str, *, dtypes: Sequence[str] = NUMBERS, alpha: bool = False) -> Case:
    x, y = draw(operands(dtypes=dtypes))
    floats = "float32" in (x.dtype, y.dtype)
    options = {"alpha": draw(st.sampled_from((1, 2, -3, 0.5) if floats else (1, 2, -3)))}
    return case(op, x, y, **options if alpha and "bool" not in (x.dtype, y.dtype) and draw(booleans) else {})


@st.composite
def with_number(draw: Draw, op: str, *, dtypes: Sequence[str] = NUMBERS) -> Case:
    return case(op, draw(tensors(dtypes=dtypes)), draw(numbers))


@st.composite
def quotient(draw: Draw, op: str, *, modes: Sequence[str | None] = (), number: bool = False) -> Case:
    """The divisor has either sign and is not near 0."""
    sign = draw(st.sampled_from((1, -1)))
    low, high = (1, 5) if sign == 1 else (-5, -1)
    x, y = draw(operands(low=-9, high=9))
    divisor: Any = draw(nonzero) if number else X(*y.shape, dtype=y.dtype, low=low, high=high)
    return case(op, x, divisor, **{"rounding_mode": draw(st.sampled_from(modes))} if modes else {})


@st.composite
def clamp(draw: Draw, op: str) -> Case:
    bounds = st.sampled_from((None, -1, 0, 0.5)), st.sampled_from((1, 6, 1.5, None))
    low, high = draw(st.tuples(*bounds).filter(lambda pair: pair != (None, None)))
    return case(op, draw(tensors(dtypes=NUMBERS, low=-9, high=9)), low, high)


@st.composite
def clamp_tensor(draw: Draw, op: str) -> Case:
    x, low, high = draw(operands(3))
    bounds = draw(st.sampled_from(((low, high), (low, None), (None, high))))
    return case(op, x, *bounds)


@st.composite
def power(draw: Draw) -> Case:
    dtype = draw(st.sampled_from(NUMBERS))
    exponent = draw(st.sampled_from((0, 1, 2, 3, 4) if dtype != "float32" else (0, 1, 2, 3, 4, 0.5, -0.5, -1, -2, 1.7)))
    return case("aten.pow.Tensor_Scalar", draw(tensors(dtypes=(dtype,), low=1, high=4)), exponent)


@st.composite
def power_of_tensor(draw: Draw) -> Case:
    x, y = draw(operands(dtypes=NUMBERS, low=1, high=3))
    return case("aten.pow.Tensor_Tensor", x, y)


@st.composite
def power_of_number(draw: Draw) -> Case:
    return case("aten.pow.Scalar", draw(st.sampled_from((2, 10000.0, 0.5))), draw(tensors(dtypes=FLOAT)))


CALLS: Calls = {
    **{f"aten.{name}.default": unary(f"aten.{name}.default", dtypes=(*FLOAT, "int64")) for name in OF_FLOATS},
    "aten.tanh.default": unary("aten.tanh.default"),
    **{f"aten.{name}.default": unary(f"aten.{name}.default", dtypes=NUMBERS, low=-9, high=9) for name in OF_NUMBERS},
    **{
        f"aten.{name}.default": unary(f"aten.{name}.default", low=low, high=high)
        for name, (low, high) in RANGES.items()
    },
    "aten.add.Tensor": arithmetic("aten.add.Tensor", dtypes=ANY, alpha=True),
    "aten.sub.Tensor": arithmetic("aten.sub.Tensor", alpha=True),
    "aten.rsub.Tensor": arithmetic("aten.rsub.Tensor", alpha=True),
    "aten.mul.Tensor": arithmetic("aten.mul.Tensor", dtypes=ANY),
    **{
        f"aten.{name}": arithmetic(f"aten.{name}")
        for name in (
            "maximum.default", "max.other", "minimum.default", "min.other", "clamp_min.Tensor", "clamp_max.Tensor",
        )
    },
    **{f"aten.{name}.Scalar": with_number(f"aten.{name}.Scalar") for name in ("add", "sub", "rsub", "mul")},
    "aten.div.Tensor": quotient("aten.div.Tensor"),
    "aten.div.Scalar": quotient("aten.div.Scalar", number=True),
    "aten.div.Tensor_mode": quotient("aten.div.Tensor_mode", modes=("floor", "trunc", None)),
    "aten.div.Scalar_mode": quotient("aten.div.Scalar_mode", modes=("floor", "trunc", None), number=True),
    "aten.floor_divide.default": quotient("aten.floor_divide.default"),
    "aten.floor_divide.Scalar": quotient("aten.floor_divide.Scalar", number=True),
    "aten.remainder.Tensor": quotient("aten.remainder.Tensor"),
    "aten.remainder.Scalar": quotient("aten.remainder.Scalar", number=True),
    "aten.fmod.Tensor": quotient("aten.fmod.Tensor"),
    "aten.fmod.Scalar": quotient("aten.fmod.Scalar", number=True),
    "aten.clamp.default": clamp("aten.clamp.default"),
    "aten.clamp.Tensor": clamp_tensor("aten.clamp.Tensor"),
    "aten.clamp_min.default": with_number("aten.clamp_min.default"),
    "aten.clamp_max.default": with_number("aten.clamp_max.default"),
    "aten.pow.Tensor_Scalar": power(),
    "aten.pow.Tensor_Tensor": power_of_tensor(),
    "aten.pow.Scalar": power_of_number(),
}  # fmt: skip
