"""Operators that look for the largest and the smallest, and sort."""

from __future__ import annotations

from collections.abc import Sequence

from edge.manifest import Dimension
from packager.lower.builder import DTYPE_CODES, Builder
from packager.lower.operators.reduction import reduced
from packager.lower.program import Var
from packager.lower.registry import lowers


def position(b: Builder, x: Var, dim: int | None, keepdim: bool) -> Var:
    """`arg_max`: the first place of the largest along an axis, or in the flat tensor."""
    rank = len(b.results[-1].shape)
    if dim is None or (x.rank == 1 and not keepdim):
        # Paddle would give a 0-d tensor: keep the axis, then name its shape.
        flat = b.reshape(x, (-1,)) if x.rank > 1 else x
        out = _arg_max(b, flat, 0, keepdim=True, shape=(1,))
        return b.reshape(out, (1,) * max(rank, 1))
    axis = dim % x.rank
    shape = [1 if i == axis else size for i, size in enumerate(x.shape) if keepdim or i != axis]
    return _arg_max(b, x, axis, keepdim=keepdim, shape=shape)


def _arg_max(b: Builder, x: Var, axis: int, *, keepdim: bool, shape: Sequence[Dimension]) -> Var:
    attrs = {"axis": axis, "keepdims": keepdim, "flatten": False, "dtype": DTYPE_CODES["int64"]}
    return b.emit("arg_max", {"X": x}, attrs, dtype="int64", shape=shape)


def negated(b: Builder, x: Var) -> Var:
    """The smallest becomes the largest: Paddle Lite has no `arg_min`."""
    return b.affine(x, -1, 0) if x.dtype == "float32" else b.binary("elementwise_mul", x, b.full((1,), -1, x.dtype))


# aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor
@lowers("aten.argmax.default", emits=("arg_max", "reshape2"))
def argmax(b: Builder, x: Var, dim: int | None = None, keepdim: bool = False) -> Var:
    return position(b, x, dim, keepdim)


# aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor
@lowers("aten.argmin.default", emits=("arg_max", "elementwise_mul", "fill_constant", "reshape2", "scale"))
def argmin(b: Builder, x: Var, dim: int | None = None, keepdim: bool = False) -> Var:
    return position(b, negated(b, x), dim, keepdim)


# aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)
@lowers("aten.max.dim", emits=("arg_max", "reduce_max", "reshape2"))
def max_dim(b: Builder, x: Var, dim: int, keepdim: bool = False) -> tuple[Var, Var]:
    return reduced(b, "reduce_max", x, dim, keepdim), position(b, x, dim, keepdim)


# aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)
@lowers("aten.min.dim", emits=("arg_max", "elementwise_mul", "fill_constant", "reduce_min", "reshape2", "scale"))
def min_dim(b: Builder, x: Var, dim: int, keepdim: bool = False) -> tuple[Var, Var]:
    return reduced(b, "reduce_min", x, dim, keepdim), position(b, negated(b, x), dim, keepdim)


# aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)
# The smallest are the largest of the negated tensor: Paddle Lite ignores `largest`.
@lowers("aten.topk.default", emits=("elementwise_mul", "fill_constant", "scale", "top_k_v2"))
def topk(
    b: Builder,
    x: Var,
    k: int,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,  # noqa: A002 (ATen's word)
) -> tuple[Var, Var]:
    del sorted  # an order that torch leaves open may as well be the sorted one
    axis = dim % x.rank
    shape = tuple(k if i == axis else size for i, size in enumerate(x.shape))
    values, indices = b.declare(x.dtype, shape), b.declare("int64", shape)
    attrs = {"k": k, "axis": axis, "largest": True, "sorted": True}
    b.append("top_k_v2", {"X": x if largest else negated(b, x)}, {"Out": values, "Indices": indices}, attrs)
    return values if largest else negated(b, values), indices


# aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)
@lowers("aten.sort.default", emits=("argsort",))
def sort(b: Builder, x: Var, dim: int = -1, descending: bool = False) -> tuple[Var, Var]:
    values, indices = b.declare(x.dtype, x.shape), b.declare("int64", x.shape)
    attrs = {"axis": dim % x.rank, "descending": descending, "stable": True}
    b.append("argsort", {"X": x}, {"Out": values, "Indices": indices}, attrs)
    return values, indices


# aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor
@lowers("aten.argsort.default", emits=("argsort",))
def argsort(b: Builder, x: Var, dim: int = -1, descending: bool = False) -> Var:
    return sort(b, x, dim, descending)[1]
