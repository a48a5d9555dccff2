"""Operators that look for the largest and the smallest, and sort."""

from __future__ import annotations

from packager.lower.builder import DTYPE_CODES, Builder
from packager.lower.operators.reduction import reduced
from packager.lower.program import Var
from packager.lower.registry import lowers


def position(b: Builder, type: str, x: Var, dim: int | None, keepdim: bool) -> Var:  # noqa: A002
    """`arg_max` or `arg_min`: the first place of the extreme along an axis, or in the flat tensor."""
    whole = dim is None
    axis = 0 if dim is None else dim % x.rank
    attrs = {"axis": axis, "keepdims": keepdim and not whole, "flatten": whole, "dtype": DTYPE_CODES["int64"]}
    shape: list[int | str] = [1 if i == axis else size for i, size in enumerate(x.shape) if keepdim or i != axis]
    if whole or not shape:
        # Paddle would give a 0-d tensor: keep the axis, then name its shape.
        flat = b.reshape(x, (-1,)) if whole else x
        out = b.emit(type, {"X": flat}, attrs | {"flatten": False, "keepdims": True}, dtype="int64", shape=(1,))
        return b.reshape(out, b.result.shape)
    return b.emit(type, {"X": x}, attrs, dtype="int64", shape=shape)


# aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor
@lowers("aten.argmax.default", emits=("arg_max", "reshape2"))
def argmax(b: Builder, x: Var, dim: int | None = None, keepdim: bool = False) -> Var:
    return position(b, "arg_max", x, dim, keepdim)


# aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor
@lowers("aten.argmin.default", emits=("arg_min", "reshape2"))
def argmin(b: Builder, x: Var, dim: int | None = None, keepdim: bool = False) -> Var:
    return position(b, "arg_min", x, dim, keepdim)


# aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)
@lowers("aten.max.dim", emits=("arg_max", "reduce_max", "reshape2"))
def max_dim(b: Builder, x: Var, dim: int, keepdim: bool = False) -> tuple[Var, Var]:
    return reduced(b, "reduce_max", x, dim, keepdim), position(b, "arg_max", x, dim, keepdim)


# aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)
@lowers("aten.min.dim", emits=("arg_min", "reduce_min", "reshape2"))
def min_dim(b: Builder, x: Var, dim: int, keepdim: bool = False) -> tuple[Var, Var]:
    return reduced(b, "reduce_min", x, dim, keepdim), position(b, "arg_min", x, dim, keepdim)


# aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)
@lowers("aten.topk.default", emits=("top_k_v2",))
def topk(b: Builder, x: Var, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Var, Var]:  # noqa: A002
    del sorted  # an order that torch leaves open may as well be the sorted one
    shape = tuple(k if axis == dim % x.rank else size for axis, size in enumerate(x.shape))
    values, indices = b.declare(x.dtype, shape), b.declare("int64", shape)
    attrs = {"k": k, "axis": dim % x.rank, "largest": largest, "sorted": True}
    b.append("top_k_v2", {"X": x}, {"Out": values, "Indices": indices}, attrs)
    return values, indices


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
