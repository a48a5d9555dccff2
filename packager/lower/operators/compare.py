"""Comparisons and logic: everything here gives bool.

Comparisons promote as torch does. Booleans are compared as int32, because Lite's comparison kernels take no bool.
"""

from __future__ import annotations

from packager.lower.builder import Builder, Operand
from packager.lower.dtypes import promote
from packager.lower.program import Var
from packager.lower.registry import Lower, lowers


def compared(b: Builder, type: str, x: Operand, y: Operand) -> Var:  # noqa: A002 (Paddle's word)
    """A broadcasting comparison."""
    dtype = promote(x, y)
    dtype = "int32" if dtype == "bool" else dtype
    return b.binary(type, b.operand(x, dtype), b.operand(y, dtype), dtype="bool")


def comparison(type: str) -> Lower:  # noqa: A002
    """The lowering of one comparison."""

    def lower(b: Builder, x: Operand, y: Operand) -> Var:
        return compared(b, type, x, y)

    return lower


# aten::eq.Tensor(Tensor self, Tensor other) -> Tensor, aten::eq.Scalar(Tensor self, Scalar other) -> Tensor
COMPARISONS = {
    "eq": "equal",
    "ne": "not_equal",
    "lt": "less_than",
    "le": "less_equal",
    "gt": "greater_than",
    "ge": "greater_equal",
}
for _name, _type in COMPARISONS.items():
    lowers(f"aten.{_name}.Tensor", f"aten.{_name}.Scalar", emits=("cast", "fill_constant", _type))(comparison(_type))


# aten::isnan(Tensor self) -> Tensor    only NaN differs from itself
@lowers("aten.isnan.default", emits=("not_equal",))
def isnan(b: Builder, x: Var) -> Var:
    return b.binary("not_equal", x, x, dtype="bool")


# aten::isinf(Tensor self) -> Tensor
@lowers("aten.isinf.default", emits=("abs", "equal", "fill_constant"))
def isinf(b: Builder, x: Var) -> Var:
    return compared(b, "equal", b.emit("abs", {"X": x}), float("inf"))


LOGIC = ("cast", "fill_constant", "not_equal")


def logic(type: str) -> Lower:  # noqa: A002
    """The lowering of a broadcasting logical operator over the truth of its operands."""

    def lower(b: Builder, x: Var, y: Operand) -> Var:
        return b.binary(type, b.truth(x), b.truth(b.operand(y, x.dtype) if not isinstance(y, Var) else y))

    return lower


# aten::logical_and(Tensor self, Tensor other) -> Tensor
for _name in ("and", "or", "xor"):
    lowers(f"aten.logical_{_name}.default", emits=(*LOGIC, f"logical_{_name}"))(logic(f"logical_{_name}"))


def bitwise(name: str) -> Lower:
    """The lowering of a bitwise operator: on booleans it is the logical one."""

    def lower(b: Builder, x: Operand, y: Operand) -> Var:
        dtype = b.result.dtype
        type_ = f"logical_{name}" if dtype == "bool" else f"bitwise_{name}"
        return b.binary(type_, b.operand(x, dtype), b.operand(y, dtype))

    return lower


# aten::bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor
# aten::bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor
for _name in ("and", "or", "xor"):
    lowers(
        f"aten.bitwise_{_name}.Tensor",
        f"aten.bitwise_{_name}.Scalar",
        f"aten.__{_name}__.Tensor",
        emits=("cast", "fill_constant", f"bitwise_{_name}", f"logical_{_name}"),
    )(bitwise(_name))


# aten::logical_not(Tensor self) -> Tensor
@lowers("aten.logical_not.default", emits=("fill_constant", "logical_not", "not_equal"))
def logical_not(b: Builder, x: Var) -> Var:
    return b.emit("logical_not", {"X": b.truth(x)})


# aten::bitwise_not(Tensor self) -> Tensor
@lowers("aten.bitwise_not.default", emits=("bitwise_not", "logical_not"))
def bitwise_not(b: Builder, x: Var) -> Var:
    return b.emit("logical_not" if x.dtype == "bool" else "bitwise_not", {"X": x})
