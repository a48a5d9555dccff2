"""Arithmetic, element by element.

torch's result dtype decides: both operands are cast to it first. A number beside a float32 tensor becomes `scale`,
which needs no second tensor; anything else becomes a tensor of shape [1].
"""

from __future__ import annotations

import math
from typing import Any

from packager.lower.builder import Builder, Number, Operand
from packager.lower.dtypes import is_float
from packager.lower.program import Var
from packager.lower.registry import Lower, lowers

ADD = ("cast", "elementwise_add", "fill_constant", "scale")
TRUNCATE = ("elementwise_sub", "fill_constant", "floor", "relu", "scale")


def arithmetic(b: Builder, type: str, x: Operand, y: Operand) -> Var:  # noqa: A002 (Paddle's word)
    """A broadcasting operator over both operands in the dtype of the result."""
    dtype = b.result.dtype
    return b.binary(type, b.operand(x, dtype), b.operand(y, dtype))


def affine(b: Builder, x: Var, scale: Number, bias: Number) -> Var:
    """`x · scale + bias` in the dtype of the result."""
    dtype = b.result.dtype
    x = b.cast(x, dtype)
    if dtype == "float32" and math.isfinite(scale) and math.isfinite(bias):
        return b.affine(x, scale, bias)
    if scale != 1:
        x = b.binary("elementwise_mul", x, b.full((1,), scale, dtype))
    return x if bias == 0 else b.binary("elementwise_add", x, b.full((1,), bias, dtype))


def scaled(b: Builder, x: Operand, scale: Number) -> Operand:
    """An operand times a number (`alpha`, `beta`)."""
    if scale == 1:
        return x
    return affine(b, x, scale, 0) if isinstance(x, Var) else x * scale


# aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor
# aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor
@lowers("aten.add.Tensor", "aten.add.Scalar", emits=(*ADD, "elementwise_mul"))
def add(b: Builder, x: Operand, y: Operand, alpha: Number = 1) -> Var:
    y = scaled(b, y, alpha)
    if isinstance(x, Var) and not isinstance(y, Var):
        return affine(b, x, 1, y)
    return arithmetic(b, "elementwise_add", x, y)


# aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor
# aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor
@lowers("aten.sub.Tensor", "aten.sub.Scalar", emits=(*ADD, "elementwise_mul", "elementwise_sub"))
def sub(b: Builder, x: Operand, y: Operand, alpha: Number = 1) -> Var:
    y = scaled(b, y, alpha)
    if isinstance(x, Var) and not isinstance(y, Var):
        return affine(b, x, 1, -y)
    return arithmetic(b, "elementwise_sub", x, y)


# aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor    other - alpha · self
# aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor
@lowers("aten.rsub.Tensor", "aten.rsub.Scalar", emits=(*ADD, "elementwise_mul", "elementwise_sub"))
def rsub(b: Builder, x: Var, y: Operand, alpha: Number = 1) -> Var:
    if not isinstance(y, Var):
        return affine(b, x, -alpha, y)
    return arithmetic(b, "elementwise_sub", y, scaled(b, x, alpha))


# aten::mul.Tensor(Tensor self, Tensor other) -> Tensor
# aten::mul.Scalar(Tensor self, Scalar other) -> Tensor
@lowers(
    "aten.mul.Tensor", "aten.mul.Scalar", emits=("cast", "elementwise_mul", "fill_constant", "logical_and", "scale")
)
def mul(b: Builder, x: Operand, y: Operand) -> Var:
    if b.result.dtype == "bool":
        return b.binary("logical_and", b.operand(x, "bool"), b.operand(y, "bool"))
    if isinstance(x, Var) and not isinstance(y, Var):
        return affine(b, x, y, 0)
    return arithmetic(b, "elementwise_mul", x, y)


# aten::div.Tensor(Tensor self, Tensor other) -> Tensor
# aten::div.Scalar(Tensor self, Scalar other) -> Tensor
@lowers("aten.div.Tensor", "aten.div.Scalar", emits=("cast", "elementwise_div", "fill_constant"))
def div(b: Builder, x: Operand, y: Operand) -> Var:
    return arithmetic(b, "elementwise_div", x, y)


# aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor
# aten::div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor
@lowers(
    "aten.div.Tensor_mode",
    "aten.div.Scalar_mode",
    emits=("cast", "elementwise_div", "elementwise_floordiv", *TRUNCATE),
)
def div_mode(b: Builder, x: Operand, y: Operand, rounding_mode: str | None = None) -> Var:
    if rounding_mode is None:
        return div(b, x, y)
    if rounding_mode == "floor":
        return floor_divide(b, x, y)
    if not is_float(b.result.dtype):
        raise ValueError("integer division that rounds towards zero is not supported")
    return truncated(b, arithmetic(b, "elementwise_div", x, y))


# aten::floor_divide(Tensor self, Tensor other) -> Tensor
# aten::floor_divide.Scalar(Tensor self, Scalar other) -> Tensor
@lowers(
    "aten.floor_divide.default",
    "aten.floor_divide.Scalar",
    emits=("cast", "elementwise_div", "elementwise_floordiv", "fill_constant", "floor"),
)
def floor_divide(b: Builder, x: Operand, y: Operand) -> Var:
    if is_float(b.result.dtype):
        return b.emit("floor", {"X": arithmetic(b, "elementwise_div", x, y)})
    return arithmetic(b, "elementwise_floordiv", x, y)


# aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor    with the divisor's sign
# aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor
@lowers("aten.remainder.Tensor", "aten.remainder.Scalar", emits=("cast", "elementwise_mod", "fill_constant"))
def remainder(b: Builder, x: Operand, y: Operand) -> Var:
    return arithmetic(b, "elementwise_mod", x, y)


# aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor    with the dividend's sign
# aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor
@lowers(
    "aten.fmod.Tensor",
    "aten.fmod.Scalar",
    emits=("cast", "elementwise_div", "elementwise_mul", *TRUNCATE),
)
def fmod(b: Builder, x: Operand, y: Operand) -> Var:
    if not is_float(b.result.dtype):
        raise ValueError("fmod of integers is not supported")
    whole = truncated(b, arithmetic(b, "elementwise_div", x, y))
    return arithmetic(b, "elementwise_sub", x, arithmetic(b, "elementwise_mul", whole, y))


def truncated(b: Builder, x: Var) -> Var:
    """The number without its fraction, by operators that every engine has."""
    above = b.emit("floor", {"X": b.emit("relu", {"X": x})})
    below = b.emit("floor", {"X": b.emit("relu", {"X": b.affine(x, -1, 0)})})
    return b.binary("elementwise_sub", above, below)


# aten::maximum(Tensor self, Tensor other) -> Tensor
# aten::max.other(Tensor self, Tensor other) -> Tensor
@lowers("aten.maximum.default", "aten.max.other", emits=("cast", "elementwise_max", "fill_constant"))
def maximum(b: Builder, x: Operand, y: Operand) -> Var:
    return arithmetic(b, "elementwise_max", x, y)


# aten::minimum(Tensor self, Tensor other) -> Tensor
# aten::min.other(Tensor self, Tensor other) -> Tensor
@lowers("aten.minimum.default", "aten.min.other", emits=("cast", "elementwise_min", "fill_constant"))
def minimum(b: Builder, x: Operand, y: Operand) -> Var:
    return arithmetic(b, "elementwise_min", x, y)


# aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor
# aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor
# aten::clamp_min(Tensor self, Scalar min) -> Tensor, clamp_max likewise
@lowers(
    "aten.clamp.default",
    "aten.clamp.Tensor",
    "aten.clamp_min.default",
    "aten.clamp_min.Tensor",
    emits=("cast", "clip", "elementwise_max", "elementwise_min", "fill_constant", "relu6"),
)
def clamp(b: Builder, x: Var, min: Operand | None = None, max: Operand | None = None) -> Var:  # noqa: A002 (ATen's words)
    x = b.cast(x, b.result.dtype)
    if x.dtype == "float32" and isinstance(min, int | float) and isinstance(max, int | float):
        return clipped(b, x, min, max)
    if min is not None:
        x = arithmetic(b, "elementwise_max", x, min)
    return x if max is None else arithmetic(b, "elementwise_min", x, max)


@lowers("aten.clamp_max.default", "aten.clamp_max.Tensor", emits=("cast", "elementwise_min", "fill_constant"))
def clamp_max(b: Builder, x: Var, max: Operand) -> Var:  # noqa: A002
    return arithmetic(b, "elementwise_min", x, max)


def clipped(b: Builder, x: Var, low: Number, high: Number) -> Var:
    """`clip`, or `relu6`, which Lite fuses into a convolution and reads its bound from `threshold`."""
    if (low, high) == (0, 6):
        return b.emit("relu6", {"X": x}, {"threshold": 6.0})
    return b.emit("clip", {"X": x}, {"min": float(low), "max": float(high)})


# aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor
@lowers(
    "aten.pow.Tensor_Scalar",
    emits=("assign", "cast", "elementwise_mul", "elementwise_pow", "fill_constant", "rsqrt", "reciprocal", "sqrt"),
)
def pow_number(b: Builder, x: Var, exponent: Number) -> Var:
    x = b.cast(x, b.result.dtype)
    if exponent in (1, 2, 3):
        product = x
        for _ in range(int(exponent) - 1):
            product = b.binary("elementwise_mul", product, x)
        return product
    named = {0.5: "sqrt", -0.5: "rsqrt", -1: "reciprocal"}.get(exponent)
    if named and is_float(x.dtype):
        return b.emit(named, {"X": x})
    return arithmetic(b, "elementwise_pow", x, exponent)


# aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor
# aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor
@lowers("aten.pow.Tensor_Tensor", "aten.pow.Scalar", emits=("cast", "elementwise_pow", "fill_constant"))
def pow_tensor(b: Builder, x: Operand, exponent: Operand) -> Var:
    return arithmetic(b, "elementwise_pow", x, exponent)


# aten::neg(Tensor self) -> Tensor
@lowers("aten.neg.default", emits=("elementwise_mul", "fill_constant", "scale"))
def neg(b: Builder, x: Var) -> Var:
    return affine(b, x, -1, 0)


# aten::square(Tensor self) -> Tensor
@lowers("aten.square.default", emits=("elementwise_mul",))
def square(b: Builder, x: Var) -> Var:
    return b.binary("elementwise_mul", x, x)


# aten::trunc(Tensor self) -> Tensor
@lowers("aten.trunc.default", emits=("elementwise_sub", "floor", "relu", "scale"))
def trunc(b: Builder, x: Var) -> Var:
    return truncated(b, x) if is_float(x.dtype) else x


# aten::expm1(Tensor self) -> Tensor
@lowers("aten.expm1.default", emits=("cast", "exp", "scale"))
def expm1(b: Builder, x: Var) -> Var:
    return affine(b, b.emit("exp", {"X": b.cast(x, b.result.dtype)}), 1, -1)


def unary(type: str) -> Lower:  # noqa: A002
    """The lowering of an operator that Paddle has under its own name and without attributes."""

    def lower(b: Builder, x: Var, **_: Any) -> Var:
        return b.emit(type, {"X": b.cast(x, b.result.dtype)})

    return lower


# aten::NAME(Tensor self) -> Tensor
UNARY = {
    "aten.abs.default": "abs",
    "aten.acos.default": "acos",
    "aten.asin.default": "asin",
    "aten.atan.default": "atan",
    "aten.ceil.default": "ceil",
    "aten.cos.default": "cos",
    "aten.cosh.default": "cosh",
    "aten.erf.default": "erf",
    "aten.exp.default": "exp",
    "aten.floor.default": "floor",
    "aten.log.default": "log",
    "aten.log10.default": "log10",
    "aten.log1p.default": "log1p",
    "aten.log2.default": "log2",
    "aten.reciprocal.default": "reciprocal",
    "aten.round.default": "round",
    "aten.rsqrt.default": "rsqrt",
    "aten.sign.default": "sign",
    "aten.sin.default": "sin",
    "aten.sinh.default": "sinh",
    "aten.sqrt.default": "sqrt",
    "aten.tan.default": "tan",
}
for _op, _type in UNARY.items():
    lowers(_op, emits=("cast", _type))(unary(_type))
