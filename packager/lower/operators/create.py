"""Operators that make a tensor from numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from packager.lower.builder import DTYPE_CODES, Builder, Number, Operand, Size
from packager.lower.program import Var
from packager.lower.registry import lowers


def filled(b: Builder, size: Sequence[Size], value: Operand) -> Var:
    """`fill_constant` in the node's dtype; sizes only known at run time travel as a list of tensors."""
    dtype, shape = b.result.dtype, b.result.shape
    if isinstance(value, Var):
        raise ValueError("a value that is only known at run time is not supported")
    if all(isinstance(length, int) for length in size):
        return b.full([int(length) for length in shape], value, dtype) if shape else b.full((1,), value, dtype)
    plain = b.full([-1 if isinstance(length, Var) else length for length in size], value, dtype)
    op = b.ops.pop()
    slots = {"ShapeTensorList": b.size_vars(size)}
    b.append(op.type, slots, {"Out": plain}, op.attrs)
    return plain


# aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, ...) -> Tensor
@lowers("aten.full.default", emits=("fill_constant",))
def full(b: Builder, size: Sequence[Size], fill_value: Operand, **_: Any) -> Var:
    return filled(b, size, fill_value)


# aten::new_full(Tensor self, SymInt[] size, Scalar fill_value, ...) -> Tensor
@lowers("aten.new_full.default", emits=("fill_constant",))
def new_full(b: Builder, like: Var, size: Sequence[Size], fill_value: Operand, **_: Any) -> Var:
    del like
    return filled(b, size, fill_value)


# aten::zeros(SymInt[] size, ...) -> Tensor
@lowers("aten.zeros.default", emits=("fill_constant",))
def zeros(b: Builder, size: Sequence[Size], **_: Any) -> Var:
    return filled(b, size, 0)


# aten::ones(SymInt[] size, ...) -> Tensor
@lowers("aten.ones.default", emits=("fill_constant",))
def ones(b: Builder, size: Sequence[Size], **_: Any) -> Var:
    return filled(b, size, 1)


# aten::new_zeros(Tensor self, SymInt[] size, ...) -> Tensor
@lowers("aten.new_zeros.default", emits=("fill_constant",))
def new_zeros(b: Builder, like: Var, size: Sequence[Size], **_: Any) -> Var:
    del like
    return filled(b, size, 0)


# aten::new_ones(Tensor self, SymInt[] size, ...) -> Tensor
@lowers("aten.new_ones.default", emits=("fill_constant",))
def new_ones(b: Builder, like: Var, size: Sequence[Size], **_: Any) -> Var:
    del like
    return filled(b, size, 1)


def filled_like(b: Builder, x: Var, value: Number) -> Var:
    """`fill_any_like`, or `fill_constant` where the shape is known."""
    dtype = b.result.dtype
    if all(isinstance(size, int) for size in x.shape):
        return b.full([int(size) for size in x.shape], value, dtype)
    attrs = {"value": float(value), "dtype": DTYPE_CODES[dtype]}
    return b.emit("fill_any_like", {"X": x}, attrs, dtype=dtype)


# aten::full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, ...) -> Tensor
@lowers("aten.full_like.default", emits=("fill_any_like", "fill_constant"))
def full_like(b: Builder, x: Var, fill_value: Number, **_: Any) -> Var:
    return filled_like(b, x, fill_value)


# aten::zeros_like(Tensor self, ...) -> Tensor
@lowers("aten.zeros_like.default", emits=("fill_any_like", "fill_constant"))
def zeros_like(b: Builder, x: Var, **_: Any) -> Var:
    return filled_like(b, x, 0)


# aten::ones_like(Tensor self, ...) -> Tensor
@lowers("aten.ones_like.default", emits=("fill_any_like", "fill_constant"))
def ones_like(b: Builder, x: Var, **_: Any) -> Var:
    return filled_like(b, x, 1)


# aten::scalar_tensor(Scalar s, *, ScalarType? dtype=None, ...) -> Tensor
@lowers("aten.scalar_tensor.default", emits=("cast", "fill_constant"))
def scalar_tensor(b: Builder, value: Operand, **_: Any) -> Var:
    return b.operand(value, b.result.dtype)


# aten::fill.Scalar(Tensor self, Scalar value) -> Tensor
@lowers("aten.fill.Scalar", emits=("fill_any_like", "fill_constant"))
def fill(b: Builder, x: Var, value: Number) -> Var:
    return filled_like(b, x, value)


# aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, ...) -> Tensor
@lowers("aten.arange.start_step", emits=("cast", "fill_constant", "range"))
def arange_start_step(b: Builder, start: Operand, end: Operand, step: Operand = 1, **_: Any) -> Var:
    dtype, shape = b.result.dtype, b.result.shape
    if not isinstance(start, Var) and not isinstance(end, Var) and not isinstance(step, Var):
        return b.constant(np.arange(start, end, step).astype(dtype))
    # Lite's `range` takes int64, int32 and float32.
    slots = {name: b.operand(value, dtype) for name, value in (("Start", start), ("End", end), ("Step", step))}
    return b.emit("range", slots, dtype=dtype, shape=shape)


# aten::arange(Scalar end, *, ScalarType? dtype=None, ...) -> Tensor
@lowers("aten.arange.default", emits=("cast", "fill_constant", "range"))
def arange(b: Builder, end: Operand, **_: Any) -> Var:
    return arange_start_step(b, 0, end)


# aten::arange.start(Scalar start, Scalar end, *, ScalarType? dtype=None, ...) -> Tensor
@lowers("aten.arange.start", emits=("cast", "fill_constant", "range"))
def arange_start(b: Builder, start: Operand, end: Operand, **_: Any) -> Var:
    return arange_start_step(b, start, end)
