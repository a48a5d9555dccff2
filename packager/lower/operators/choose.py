"""A choice between two tensors, element by element.

Paddle's `where` does not broadcast, so all three tensors take the shape of the result first. The masks of transformers,
which choose between 0 and a number, need no `where` at all.
"""

from __future__ import annotations

import math

from packager.lower.builder import DTYPE_CODES, Builder, Operand
from packager.lower.operators.shape import EXPAND, fitted
from packager.lower.program import Var
from packager.lower.registry import lowers

CHOOSE = (*EXPAND, "cast", "fill_any_like", "not_equal", "where")
MASK = ("logical_not", "scale")


# aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor
# aten::where.ScalarSelf, .ScalarOther, .Scalar: the same with numbers
@lowers(
    "aten.where.self", "aten.where.ScalarSelf", "aten.where.ScalarOther", "aten.where.Scalar", emits=(*CHOOSE, *MASK)
)
def where(b: Builder, condition: Var, x: Operand, y: Operand) -> Var:
    condition, first, second = b.truth(condition), number(b, x), number(b, y)
    if b.result.dtype == "float32" and first is not None and second is not None:
        # Exact, because the other number is 0: the truth as 0 or 1, times the number.
        if second == 0 and math.isfinite(first):
            return b.affine(b.cast(condition, "float32"), first, 0)
        if first == 0 and math.isfinite(second):
            inverse = b.emit("logical_not", {"X": condition})
            return b.affine(b.cast(inverse, "float32"), second, 0)
    return chosen(b, condition, x if first is None else first, y if second is None else second)


# aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor
# aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor
@lowers("aten.masked_fill.Scalar", "aten.masked_fill.Tensor", emits=CHOOSE)
def masked_fill(b: Builder, x: Var, mask: Var, value: Operand) -> Var:
    filling = number(b, value)
    return chosen(b, b.truth(mask), value if filling is None else filling, x)


def number(b: Builder, operand: Operand) -> float | None:
    """The operand's value where it is one number that is known now."""
    if not isinstance(operand, Var):
        return operand
    array = b.array(operand)
    return float(array.item()) if array is not None and array.size == 1 else None


def chosen(b: Builder, condition: Var, x: Operand, y: Operand) -> Var:
    """`where` in the shape and dtype of the result; booleans are chosen as int32."""
    shape = b.result.shape or (1,)
    dtype = "int32" if b.result.dtype == "bool" else b.result.dtype
    tensors = [operand for operand in (condition, x, y) if isinstance(operand, Var)]
    first, second = (_full_size(b, operand, dtype, tensors) for operand in (x, y))
    slots = {"Condition": fitted(b, condition, shape, tensors), "X": first, "Y": second}
    out = b.emit("where", slots, dtype=dtype, shape=shape)
    return b.back(out, b.result.dtype)


def _full_size(b: Builder, operand: Operand, dtype: str, tensors: list[Var]) -> Var:
    shape = b.result.shape or (1,)
    if isinstance(operand, Var):
        return fitted(b, b.cast(operand, dtype), shape, tensors)
    if all(isinstance(size, int) for size in shape):
        return b.full([int(size) for size in shape], operand, dtype)
    model = next((b.numbers(tensor) for tensor in tensors if tensor.shape == shape), None)
    if model is None:
        return fitted(b, b.full((1,), operand, dtype), shape, tensors)
    return b.emit("fill_any_like", {"X": model}, {"value": float(operand), "dtype": DTYPE_CODES[dtype]}, dtype=dtype)
