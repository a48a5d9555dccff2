"""Operators that change the shape and keep the values, and those that do nothing in inference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edge.manifest import Dimension
from packager.lower.builder import DTYPE_CODES, Builder, Size, Slots
from packager.lower.complex import Complex
from packager.lower.program import Var
from packager.lower.registry import lowers

TURN = ("cast", "fill_constant", "not_equal", "transpose2")
EXPAND = ("expand_v2", "fill_constant", "shape", "slice")


# aten::view(Tensor self, SymInt[] size) -> Tensor, reshape, _unsafe_view
@lowers("aten.view.default", "aten.reshape.default", "aten._unsafe_view.default", emits=("fill_constant", "reshape2"))
def view(b: Builder, x: Var, size: Sequence[Size]) -> Var:
    return b.reshape(x, b.result.shape, size)


# aten::flatten.using_ints(Tensor self, int start_dim=0, int end_dim=-1) -> Tensor, unflatten.int
@lowers("aten.flatten.using_ints", "aten.unflatten.int", emits=("reshape2",))
def flatten(b: Builder, x: Var, *_: Any) -> Var:
    return b.reshape(x, b.result.shape)


# aten::permute(Tensor self, int[] dims) -> Tensor
@lowers("aten.permute.default", emits=TURN)
def permute(b: Builder, x: Var, dims: Sequence[int]) -> Var:
    return turned(b, x, dims)


# aten::transpose.int(Tensor self, int dim0, int dim1) -> Tensor
@lowers("aten.transpose.int", emits=TURN)
def transpose(b: Builder, x: Var, dim0: int, dim1: int) -> Var:
    order = list(range(x.rank))
    order[dim0], order[dim1] = order[dim1], order[dim0]
    return turned(b, x, order)


def turned(b: Builder, x: Var, order: Sequence[int]) -> Var:
    """`transpose2`; Paddle Lite has no kernel of it for bool on x86."""
    return b.back(b.transpose(b.numbers(x), order), x.dtype)


# aten::t(Tensor self) -> Tensor
@lowers("aten.t.default", emits=TURN)
def t(b: Builder, x: Var) -> Var:
    return x if len(b.result.shape) < 2 else turned(b, x, (1, 0))


# aten::unsqueeze(Tensor self, int dim) -> Tensor
@lowers("aten.unsqueeze.default", emits=("reshape2", "unsqueeze2"))
def unsqueeze(b: Builder, x: Var, dim: int) -> Var:
    rank = len(b.result.shape)
    # A 0-d tensor has one axis already.
    return x if rank == x.rank else b.unsqueeze(x, (dim % rank,))


# aten::squeeze(Tensor self) -> Tensor, squeeze.dim, squeeze.dims    axes of another size than 1 stay
@lowers("aten.squeeze.default", "aten.squeeze.dim", "aten.squeeze.dims", emits=("squeeze2",))
def squeeze(b: Builder, x: Var, dim: int | Sequence[int] | None = None) -> Var:
    axes = range(x.rank) if dim is None else (dim,) if isinstance(dim, int) else dim
    return b.squeeze(x, [axis for axis in axes if x.shape[axis] == 1])


# aten::expand(Tensor self, SymInt[] size, *, bool implicit=False) -> Tensor    -1 keeps a size
@lowers("aten.expand.default", emits=EXPAND)
def expand(b: Builder, x: Var, size: Sequence[Size], **_: Any) -> Var:
    added = len(size) - x.rank
    kept = [b.sizes(x)[axis - added] if isinstance(new, int) and new == -1 else new for axis, new in enumerate(size)]
    return expanded(b, x, b.result.shape, kept)


# aten::expand_as(Tensor self, Tensor other) -> Tensor
@lowers("aten.expand_as.default", emits=EXPAND)
def expand_as(b: Builder, x: Var, other: Var) -> Var:
    return expanded(b, x, b.result.shape, b.sizes(other))


# aten::broadcast_to(Tensor self, SymInt[] size) -> Tensor
@lowers("aten.broadcast_to.default", emits=EXPAND)
def broadcast_to(b: Builder, x: Var, size: Sequence[Size]) -> Var:
    return expand(b, x, size)


def expanded(b: Builder, x: Var, shape: Sequence[Dimension], sizes: Sequence[Size]) -> Var:
    """`expand_v2` to `shape`; what is only known at run time comes from `sizes`, as a list of tensors."""
    shape = tuple(shape) or (1,)
    if shape == x.shape:
        return x
    added = len(shape) - x.rank
    if all(isinstance(new, int) or (axis >= added and new == x.shape[axis - added]) for axis, new in enumerate(shape)):
        attribute = tuple(new if isinstance(new, int) else -1 for new in shape)
        return b.emit("expand_v2", {"X": x}, {"shape": attribute}, shape=shape)
    # -1 would claim the size of the input, -2 says that it is unknown.
    attribute = tuple(-2 if isinstance(new, Var) else new for new in sizes)
    slots: Slots = {"X": x, "expand_shapes_tensor": b.size_vars(sizes)}
    return b.emit("expand_v2", slots, {"shape": attribute}, shape=shape)


def fitted(b: Builder, x: Var, shape: Sequence[Dimension], others: Sequence[Var]) -> Var:
    """`x` broadcast to `shape`, whose unknown sizes are found among `others`."""
    found = (
        [_size_from(b, axis - len(shape), size, others) for axis, size in enumerate(shape)] if shape != x.shape else []
    )
    return expanded(b, x, shape, found)


def _size_from(b: Builder, axis: int, size: Dimension, others: Sequence[Var]) -> Size:
    if isinstance(size, int):
        return size
    return next(b.size(other, axis) for other in others if other.rank >= -axis and other.shape[axis] == size)


# aten::repeat(Tensor self, SymInt[] repeats) -> Tensor
@lowers("aten.repeat.default", emits=("fill_constant", "reshape2", "tile", "unsqueeze2"))
def repeat(b: Builder, x: Var, repeats: Sequence[Size]) -> Var:
    x = b.unsqueeze(x, tuple(range(len(repeats) - x.rank))) if len(repeats) > x.rank else x
    if all(isinstance(times, int) for times in repeats):
        return b.emit("tile", {"X": x}, {"repeat_times": tuple(repeats)}, shape=b.result.shape)
    slots: Slots = {"X": x, "repeat_times_tensor": b.size_vars(repeats)}
    attribute = tuple(-1 if isinstance(times, Var) else times for times in repeats)
    return b.emit("tile", slots, {"repeat_times": attribute}, shape=b.result.shape)


# aten::_to_copy(Tensor self, *, ScalarType? dtype=None, ...) -> Tensor, to.dtype, type_as
@lowers(
    "aten._to_copy.default",
    "aten.to.dtype",
    "aten.type_as.default",
    emits=("cast", "fill_any_like", "fill_constant", "not_equal"),
)
def to_copy(b: Builder, x: Var, *_: Any, **__: Any) -> Var | Complex:
    if b.result.dtype == "complex64":
        real = b.cast(x, "float32")
        return Complex(real, b.emit("fill_any_like", {"X": real}, {"value": 0.0, "dtype": DTYPE_CODES["float32"]}))
    return b.truth(x) if b.result.dtype == "bool" else b.cast(x, b.result.dtype)


# aten::copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor    the source in the other's dtype and shape
@lowers("aten.copy.default", emits=(*EXPAND, "cast", "not_equal"))
def copy(b: Builder, x: Var, source: Var, *_: Any) -> Var:
    source = b.truth(source) if x.dtype == "bool" else b.cast(source, x.dtype)
    # Hardly a kernel that moves data takes bool.
    return b.back(fitted(b, b.numbers(source), x.shape, (x,)), x.dtype)


# aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor and others that change nothing in inference
@lowers(
    "aten.alias.default",
    "aten.clone.default",
    "aten.contiguous.default",
    "aten.detach.default",
    "aten.dropout.default",
    "aten.lift_fresh_copy.default",
    emits=(),
)
def same(b: Builder, x: Var, *_: Any, **__: Any) -> Var:
    del b
    return x
