"""What torch's rules say of operands: the dtype that two of them meet in, and the shape they broadcast to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edge.manifest import Dimension
from packager.lower.program import Var

FLOATS = ("float16", "float32", "float64")
_LADDER = ("bool", "uint8", "int8", "int16", "int32", "int64", *FLOATS)
_KIND = {dtype: 0 if dtype == "bool" else 2 if dtype in FLOATS else 1 for dtype in _LADDER}
_NUMBERS: Mapping[type, str] = {bool: "bool", int: "int64", float: "float32"}


def is_float(dtype: str) -> bool:
    """Whether the dtype is a floating-point one."""
    return dtype in FLOATS


def promote(x: Var | float, y: Var | float) -> str:
    """The dtype in which torch compares two operands, at least one of them a tensor.

    A number only counts by its kind (bool, int, float): beside an int32 tensor, 2 is int32 and 2.0 makes float32.
    """
    dtype = max((value.dtype for value in (x, y) if isinstance(value, Var)), key=_LADDER.index)
    for number in (x, y):
        if not isinstance(number, Var) and _KIND[_of_number(number)] > _KIND[dtype]:
            dtype = _of_number(number)
    return dtype


def _of_number(number: float) -> str:
    # bool first: it is an int, too.
    return next(dtype for kind, dtype in _NUMBERS.items() if isinstance(number, kind))


def broadcast(x: Sequence[Dimension], y: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """The shape that two shapes broadcast to; a size that is only known at run time wins over 1."""
    rank = max(len(x), len(y))
    left, right = (1,) * (rank - len(x)) + tuple(x), (1,) * (rank - len(y)) + tuple(y)
    return tuple(b if a == 1 else a for a, b in zip(left, right, strict=True))
