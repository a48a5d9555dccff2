"""Operators that write elements to places given by an index tensor.

Places that are known now become a `gather` from what was there and what is written. Places that are computed at run
time are written by `scatter_nd_add`, the only such operator that every engine has: it adds, so what is overwritten is
set to 0 first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge.manifest import Dimension
from packager.lower.builder import DTYPE_CODES, Builder
from packager.lower.operators.choose import CHOOSE, chosen, number
from packager.lower.operators.create import filled_like
from packager.lower.operators.index import PLACES, by_axis, stacked
from packager.lower.operators.shape import expanded
from packager.lower.program import Var
from packager.lower.registry import lowers

WRITE = ("fill_any_like", "fill_constant", "not_equal", "scatter_nd_add", "unsqueeze2", "where")
EXTREMES = (
    "cast", "elementwise_add", "elementwise_mul", "equal", "less_than", "range", "reduce_max", "reduce_min", "scale",
    "shape", "slice",
)  # fmt: skip
FAR = 3e38
"""Beyond what a network computes, and still a float32."""


# aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor
@lowers("aten.index_put.default", emits=(*WRITE, *CHOOSE, *PLACES, "concat", "elementwise_add", "gather", "reshape2"))
def index_put(b: Builder, x: Var, indices: Sequence[Var | None], values: Var, accumulate: bool = False) -> Var:
    (mask, *others), one = indices, number(b, values)
    if not others and mask is not None and mask.dtype == "bool" and one is not None and not accumulate:
        return chosen(b, _over(b, mask, x), one, x)
    axes, places = by_axis(b, x, indices, values.shape[0] if isinstance(values.shape[0], str) else -1)
    known = [array for place in places if (array := b.array(place)) is not None]
    if len(known) == len(places):
        return _at_known_places(b, x, axes, known, values, accumulate=accumulate)
    if axes != list(range(len(axes))):
        raise ValueError("writing at run-time places of other axes than the first is not supported")
    index = stacked(b, places)
    values = _broadcast(b, values, (*index.shape[:-1], *x.shape[len(axes) :]))
    return _added(b, x if accumulate else _cleared(b, x, index, values), index, values)


# aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True)
#     -> Tensor
# The extremes of all that goes to one place are found by comparing every index with every other.
@lowers("aten.scatter_reduce.two", emits=(*WRITE, *EXTREMES))
def scatter_reduce(
    b: Builder, x: Var, dim: int, index: Var, source: Var, reduce: str, *, include_self: bool = True
) -> Var:
    del dim
    if x.rank != 1 or index.shape != source.shape or x.dtype != "float32":
        raise ValueError("reducing into other than a float32 vector is not supported")
    places = b.unsqueeze(b.cast(index, "int64"), (1,))
    if reduce == "sum":
        return _added(b, x if include_self else _cleared(b, x, places, source), places, source)
    if reduce not in ("amin", "amax") or include_self:
        raise ValueError(f"{reduce} with include_self={include_self} is not supported")
    sign = 1 if reduce == "amin" else -1
    same, first = _relations(b, index)
    values = b.binary("elementwise_mul", same, b.affine(b.unsqueeze(source, (0,)), sign, 0))
    candidates = b.binary("elementwise_add", values, b.affine(b.affine(same, -1, 1), FAR, 0))
    attrs = {"dim": (1,), "keep_dim": False, "reduce_all": False}
    least = b.emit("reduce_min", {"X": candidates}, attrs, shape=source.shape)
    once = b.binary("elementwise_mul", b.affine(least, sign, 0), first)
    return _added(b, _cleared(b, x, places, once), places, once)


def _relations(b: Builder, index: Var) -> tuple[Var, Var]:
    """As float32: whether two indices are the same, (n, n), and whether an index was not met before, (n,)."""
    (size,) = index.shape
    if isinstance(size, int):
        places = b.constant(np.arange(size, dtype="int32"))
    else:
        slots = {"Start": b.full((1,), 0, "int32"), "End": b.size(index, 0), "Step": b.full((1,), 1, "int32")}
        places = b.emit("range", slots, dtype="int32", shape=(size,))

    def compared(type: str, x: Var) -> Var:  # noqa: A002 (Paddle's word)
        left, right = b.unsqueeze(x, (0,)), b.unsqueeze(x, (1,))
        return b.cast(b.binary(type, left, right, dtype="bool"), "float32")

    same, earlier = compared("equal", index), compared("less_than", places)
    attrs = {"dim": (1,), "keep_dim": False, "reduce_all": False}
    again = b.emit("reduce_max", {"X": b.binary("elementwise_mul", same, earlier)}, attrs, shape=(size,))
    return same, b.affine(again, -1, 1)


def _at_known_places(
    b: Builder, x: Var, axes: Sequence[int], known: Sequence[NDArray[np.generic]], values: Var, *, accumulate: bool
) -> Var:
    """What was there and what is written, side by side on one axis, and from it a `gather` of what stays."""
    first, last = axes[0], axes[-1] + 1
    inner = [size for size in x.shape[first:last] if isinstance(size, int)]
    if list(axes) != list(range(first, last)) or len(inner) != len(axes):
        raise ValueError("writing into axes that are apart, or of unknown size, is not supported")
    count, written = math.prod(inner), np.ravel_multi_index(np.broadcast_arrays(*known), inner, mode="wrap")
    if len(np.unique(written)) != written.size:
        raise ValueError("writing twice to one place is not supported")
    if accumulate and not b.is_zero(x):
        zeros = filled_like(b, x, 0)
        added = _at_known_places(b, zeros, axes, known, values, accumulate=True)
        return b.binary("elementwise_add", x, added)
    before, after, sizes = x.shape[:first], x.shape[last:], b.sizes(x)
    values = _broadcast(b, values, (*before, *written.shape, *after))
    flat = b.reshape(values, (*before, written.size, *after), (*sizes[:first], written.size, *sizes[last:]))
    table = np.full(count, -1)
    table[written.ravel()] = np.arange(written.size)
    if written.size < count:
        old = b.reshape(x, (*before, count, *after), (*sizes[:first], count, *sizes[last:]))
        flat = b.emit("concat", {"X": (flat, old)}, {"axis": first}, shape=(*before, written.size + count, *after))
        table = np.where(table < 0, written.size + np.arange(count), table)
    slots = {"X": b.numbers(flat), "Index": b.constant(table)}
    out = b.emit("gather", slots, {"axis": first}, shape=(*before, count, *after))
    return b.back(b.reshape(out, x.shape, sizes), x.dtype)


def _broadcast(b: Builder, values: Var, shape: tuple[Dimension, ...]) -> Var:
    if values.shape == shape:
        return values
    if not all(isinstance(size, int) for size in shape):
        raise ValueError(f"values of shape {values.shape} broadcast to {shape} are not supported")
    return expanded(b, values, shape, ())


def _over(b: Builder, mask: Var, x: Var) -> Var:
    """A mask over the first axes, with the rank of `x`."""
    return b.unsqueeze(mask, tuple(range(mask.rank, x.rank))) if mask.rank < x.rank else mask


def _added(b: Builder, x: Var, index: Var, values: Var) -> Var:
    return b.emit("scatter_nd_add", {"X": x, "Index": index, "Updates": values})


def _cleared(b: Builder, x: Var, index: Var, values: Var) -> Var:
    """`x` with 0 wherever the values will be added."""
    if b.is_zero(x):
        return x
    code = DTYPE_CODES[x.dtype]
    zeros = b.emit("fill_any_like", {"X": x}, {"value": 0.0, "dtype": code})
    ones = b.emit("fill_any_like", {"X": values}, {"value": 1.0, "dtype": code})
    return chosen(b, b.truth(_added(b, zeros, index, ones)), 0, x)
