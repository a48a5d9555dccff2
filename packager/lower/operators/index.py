"""Operators that take elements by an index tensor.

Indices that are constants are made non-negative here. Indices computed at run time must be non-negative already, as in
the masks and position tables of transformers; parity would show one that is not. Booleans travel as int32, which every
engine can gather.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from edge.manifest import Dimension
from packager.lower.builder import Builder
from packager.lower.dtypes import broadcast
from packager.lower.program import Var
from packager.lower.registry import lowers

TAKE = ("cast", "fill_constant", "gather", "not_equal", "reshape2", "shape", "slice")
# What makes the index tensor of places on several axes, also where a mask is computed at run time.
PLACES = ("cast", "concat", "elementwise_add", "elementwise_sub", "slice", "squeeze2", "unsqueeze2", "where_index")


# aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False,
#                 bool sparse=False) -> Tensor    padding_idx only matters in training
@lowers("aten.embedding.default", emits=("lookup_table_v2",))
def embedding(b: Builder, weight: Var, indices: Var, *_: object) -> Var:
    slots = {"W": weight, "Ids": indices}
    return b.emit("lookup_table_v2", slots, {"padding_idx": -1}, shape=(*indices.shape, *weight.shape[1:]))


# aten::index_select(Tensor self, int dim, Tensor index) -> Tensor
@lowers("aten.index_select.default", emits=TAKE)
def index_select(b: Builder, x: Var, dim: int, index: Var) -> Var:
    return taken(b, x, dim % x.rank, index)


# aten::flip(Tensor self, int[] dims) -> Tensor
# Taking the places in falling order is what every engine does alike: paddle2onnx's `flip` fails at unknown sizes and
# its `range` with a negative step is wrong; Paddle Lite's `strided_slice` is wrong with negative strides.
@lowers("aten.flip.default", emits=(*TAKE, "elementwise_sub", "range"))
def flip(b: Builder, x: Var, dims: Sequence[int]) -> Var:
    for dim in dims:
        axis = dim % x.rank
        size = x.shape[axis]
        if isinstance(size, int):
            x = taken(b, x, axis, b.constant(np.arange(size - 1, -1, -1)))
            continue
        one = b.full((1,), 1, "int32")
        slots = {"Start": b.full((1,), 0, "int32"), "End": b.size(x, axis), "Step": one}
        rising = b.emit("range", slots, shape=(size,))
        last = b.binary("elementwise_sub", b.size(x, axis), one)
        x = taken(b, x, axis, b.binary("elementwise_sub", last, rising))
    return x


# aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor
# RoBERTa gathers token types from one row that was expanded over the batch: that needs no `take_along_axis`, which
# Paddle Lite does not have.
@lowers("aten.gather.default", emits=(*TAKE, "take_along_axis"))
def gather(b: Builder, x: Var, dim: int, index: Var, *, sparse_grad: bool = False) -> Var:
    del sparse_grad
    axis = dim % x.rank
    row = _row(b, x, axis)
    if row is not None:
        return taken(b, row, 0, index)
    for other, (have, want) in enumerate(zip(x.shape, index.shape, strict=True)):
        if other != axis and have != want:
            raise ValueError("an index that is narrower than the input is not supported")
    index = _non_negative(b, index, x.shape[axis])
    slots = {"Input": b.numbers(x), "Index": index}
    out = b.emit("take_along_axis", slots, {"Axis": axis}, out="Result", shape=index.shape)
    return b.back(out, x.dtype)


def _row(b: Builder, x: Var, axis: int) -> Var | None:
    """The vector that `x` repeats over every axis but one, or None."""
    op = b.producer(x)
    base = b.variables[op.inputs["X"][0]] if op is not None and op.type == "expand_v2" else x
    place = axis - (x.rank - base.rank)
    if place < 0 or base.shape[place] != x.shape[axis] or any(s != 1 for i, s in enumerate(base.shape) if i != place):
        return None
    return b.reshape(base, (base.shape[place],))


# aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor
@lowers(
    "aten.index.Tensor",
    emits=(*TAKE, *PLACES, "gather_nd", "transpose2"),
)
def index_tensor(b: Builder, x: Var, indices: Sequence[Var | None]) -> Var:
    first = next(at for at, index in enumerate(indices) if index is not None)
    axes, places = by_axis(b, x, indices, b.result.shape[first])
    if len(axes) == 1:
        return taken(b, x, axes[0], places[0])
    rest = [axis for axis in range(x.rank) if axis not in axes]
    front = b.transpose(x, (*axes, *rest)) if axes != list(range(len(axes))) else x
    index = stacked(b, [_non_negative(b, place, x.shape[axis]) for axis, place in zip(axes, places, strict=True)])
    shape = (*index.shape[:-1], *(x.shape[axis] for axis in rest)) or (1,)
    out = b.emit("gather_nd", {"X": b.numbers(front), "Index": index}, shape=shape)
    out = b.back(out, x.dtype)
    together = axes == list(range(axes[0], axes[0] + len(axes)))
    if not together or axes[0] == 0:
        return out
    # Neighbouring indices leave their axes where they were; gather_nd puts them first.
    depth, before = index.rank - 1, axes[0]
    order = (*range(depth, depth + before), *range(depth), *range(depth + before, out.rank))
    return b.transpose(out, order)


def by_axis(b: Builder, x: Var, indices: Sequence[Var | None], count: Dimension) -> tuple[list[int], list[Var]]:
    """The indexed axes and their integer indices; a mask becomes the places where it is true.

    `count` says how many places a mask has that is computed at run time: a symbol, or -1.
    """
    axes: list[int] = []
    places: list[Var] = []
    axis = 0
    for index in indices:
        if index is None:
            axis += 1
            continue
        for one in [index] if index.dtype != "bool" else _hits(b, index, count):
            axes.append(axis)
            places.append(one)
            axis += 1
    if not axes or axis > x.rank:
        raise ValueError(f"{len(axes)} indices do not fit an input of rank {x.rank}")
    return axes, places


def _hits(b: Builder, mask: Var, count: Dimension) -> list[Var]:
    """Where a mask is true, one index for each of its axes."""
    array = b.array(mask)
    if array is not None:
        return [b.constant(hits) for hits in np.nonzero(array)]
    found = b.emit("where_index", {"Condition": mask}, dtype="int64", shape=(count, mask.rank))
    if mask.rank == 1:
        return [b.squeeze(found, (1,))]
    attrs = {"axes": (1,), "decrease_axis": (), "infer_flags": (1,)}
    columns = (
        b.emit("slice", {"Input": found}, attrs | {"starts": (at,), "ends": (at + 1,)}, shape=(count, 1))
        for at in range(mask.rank)
    )
    return [b.squeeze(column, (1,)) for column in columns]


def taken(b: Builder, x: Var, axis: int, index: Var) -> Var:
    """Elements along one axis by an index tensor of any rank: `gather` takes a flat one."""
    index = _non_negative(b, index, x.shape[axis])
    flat = _flat(b, index)
    before, after = x.shape[:axis], x.shape[axis + 1 :]
    out = b.emit("gather", {"X": b.numbers(x), "Index": flat}, {"axis": axis}, shape=(*before, *flat.shape, *after))
    out = b.back(out, x.dtype)
    if index.rank == 1:
        return b.reshape(out, b.result.shape, b.sizes(x)) if len(b.result.shape) < x.rank else out
    sizes = b.sizes(x)
    return b.reshape(out, (*before, *index.shape, *after), (*sizes[:axis], *b.sizes(index), *sizes[axis + 1 :]))


def _flat(b: Builder, index: Var) -> Var:
    if index.rank == 1:
        return index
    if b.array(index) is not None:
        return b.derived(index, "flat", np.ravel)
    count: Dimension = "*".join(str(size) for size in index.shape)
    return b.reshape(index, (count,))


def _non_negative(b: Builder, index: Var, size: Dimension) -> Var:
    array = b.array(index)
    if array is None or array.size == 0 or array.min() >= 0:
        return index
    if not isinstance(size, int):
        raise ValueError("a negative index into an axis of unknown size is not supported")
    return b.derived(index, f"modulo.{size}", lambda values: np.asarray(values % size))


def stacked(b: Builder, indices: Sequence[Var]) -> Var:
    """Broadcast index tensors side by side on a new last axis, as `gather_nd` wants them."""
    arrays = [b.array(index) for index in indices]
    if all(array is not None for array in arrays):
        known: list[NDArray[np.generic]] = [array for array in arrays if array is not None]
        return b.constant(np.stack(np.broadcast_arrays(*known), -1).astype("int64"))
    indices = [b.cast(index, "int64") for index in indices]
    if len({index.shape for index in indices}) > 1:
        # Adding the zeros x - x of every index broadcasts without any size computed at run time.
        zeros = reduce(
            lambda x, y: b.binary("elementwise_add", x, y), (b.binary("elementwise_sub", x, x) for x in indices)
        )
        indices = [b.binary("elementwise_add", index, zeros) for index in indices]
    shape = reduce(broadcast, (index.shape for index in indices))
    columns = [b.unsqueeze(index, (index.rank,)) for index in indices]
    return b.emit("concat", {"X": columns}, {"axis": len(shape)}, shape=(*shape, len(columns)))
