"""What torch's rules say of operands: the dtype that two of them meet in, and the shape they broadcast to."""

from __future__ import annotations

from collections.abc import Sequence

from edge.manifest import Dimension
from packager.lower.program import Var

FLOATS = ("float16", "float32", "float64")
_LADDER = ("bool", "uint8", "int8", "int16", "int32", "int64", *FLOATS)


def is_float(dtype: str) -> bool:
    """Whether the dtype is a floating-point one."""
    return dtype in FLOATS


def promote(x: Var | float, y: Var | float) -> str:
    """The dtype in which torch compares two operands, at least one of them a tensor.

    A number only counts by its kind (bool, int, float): beside an int32 tensor, 2 is int32 and 2.0 makes float32.
    """
    dtypes = [value.dtype for value in (x, y) if not isinstance(value, float | int)]
    rung = max(_LADDER.index(dtype) for dtype in dtypes)
    for number in (x, y):
        if isinstance(number, float):
            rung = max(rung, _LADDER.index("float32") if rung < _LADDER.index("float16") else rung)
        elif isinstance(number, int) and not isinstance(number, bool) and rung == 0:
            rung = _LADDER.index("int64")
    return _LADDER[rung]


def broadcast(x: Sequence[Dimension], y: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """The shape that two shapes broadcast to; a size that is only known at run time wins over 1."""
    rank = max(len(x), len(y))
    left, right = (1,) * (rank - len(x)) + tuple(x), (1,) * (rank - len(y)) + tuple(y)
    return tuple(b if a == 1 else a for a, b in zip(left, right, strict=True))
