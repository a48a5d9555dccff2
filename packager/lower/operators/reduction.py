"""Reductions over axes, and running sums.

Axes are emitted sorted and without negatives, because Lite on arm takes only those. A reduction of all axes keeps them
and is reshaped to [1], the shape of a 0-d tensor in every engine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from packager.lower.builder import Builder, Number
from packager.lower.dtypes import is_float
from packager.lower.program import Var
from packager.lower.registry import Lower, lowers

Axes = int | Sequence[int] | None


def reduced(b: Builder, type: str, x: Var, dim: Axes = None, keepdim: bool = False) -> Var:  # noqa: A002
    """`reduce_*`; no axes are all axes."""
    axes = positive(dim, x.rank)
    whole = len(axes) == x.rank
    keeps = keepdim or whole
    shape = [1 if axis in axes else size for axis, size in enumerate(x.shape) if keeps or axis not in axes]
    out = b.emit(type, {"X": x}, {"dim": axes, "keep_dim": keeps, "reduce_all": whole}, shape=shape)
    return b.reshape(out, (1,)) if whole and not keepdim else out


def positive(dim: Axes, rank: int) -> tuple[int, ...]:
    """The axes sorted and counted from the front; None or an empty list are all axes."""
    axes = (dim,) if isinstance(dim, int) else tuple(dim or range(rank))
    return tuple(sorted({axis % rank for axis in axes}))


def count(x: Var, axes: Sequence[int]) -> int:
    """How many elements a reduction over these axes takes; raises ValueError where that is not known."""
    sizes = [x.shape[axis] for axis in axes]
    if not all(isinstance(size, int) for size in sizes):
        raise ValueError("a variance over an axis of unknown size is not supported")
    return math.prod(int(size) for size in sizes)


# aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor
# aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor
# aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor
# aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor
def in_result_dtype(type: str) -> Lower:  # noqa: A002
    """The lowering of a reduction that first takes the dtype of its result (a sum of booleans is int64)."""

    def lower(b: Builder, x: Var, dim: Axes = None, keepdim: bool = False, **_: Any) -> Var:
        return reduced(b, type, b.cast(x, b.result.dtype), dim, keepdim)

    return lower


for _ops, _type in (
    (("aten.mean.dim", "aten.mean.default"), "reduce_mean"),
    (("aten.sum.dim_IntList", "aten.sum.default"), "reduce_sum"),
    (("aten.prod.dim_int", "aten.prod.default"), "reduce_prod"),
    (("aten.amax.default", "aten.max.default"), "reduce_max"),
    (("aten.amin.default", "aten.min.default"), "reduce_min"),
):
    lowers(*_ops, emits=("cast", _type, "reshape2"))(in_result_dtype(_type))


# aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor, any.dims, any; all likewise
def of_truth(type: str) -> Lower:  # noqa: A002
    """The lowering of a reduction over the truth of the elements."""

    def lower(b: Builder, x: Var, dim: Axes = None, keepdim: bool = False) -> Var:
        return reduced(b, type, b.truth(x), dim, keepdim)

    return lower


for _name in ("any", "all"):
    lowers(
        *(f"aten.{_name}.{overload}" for overload in ("dim", "dims", "default")),
        emits=("fill_constant", "not_equal", f"reduce_{_name}", "reshape2"),
    )(of_truth(f"reduce_{_name}"))


# aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor
VARIANCE = ("elementwise_mul", "elementwise_sub", "reduce_mean", "reshape2", "scale")


@lowers("aten.var.correction", emits=VARIANCE)
def var(b: Builder, x: Var, dim: Axes = None, *, correction: Number | None = None, keepdim: bool = False) -> Var:
    axes = positive(dim, x.rank)
    n = count(x, axes)
    centred = b.binary("elementwise_sub", x, reduced(b, "reduce_mean", x, axes, keepdim=True))
    mean = reduced(b, "reduce_mean", b.binary("elementwise_mul", centred, centred), axes, keepdim)
    return b.affine(mean, n / (n - (1 if correction is None else correction)), 0)


# aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor
@lowers("aten.std.correction", emits=(*VARIANCE, "sqrt"))
def std(b: Builder, x: Var, dim: Axes = None, *, correction: Number | None = None, keepdim: bool = False) -> Var:
    return b.emit("sqrt", {"X": var(b, x, dim, correction=correction, keepdim=keepdim)})


# aten::var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False)
#     -> (Tensor, Tensor)
@lowers("aten.var_mean.correction", emits=VARIANCE)
def var_mean(
    b: Builder, x: Var, dim: Axes = None, *, correction: Number | None = None, keepdim: bool = False
) -> tuple[Var, Var]:
    mean = reduced(b, "reduce_mean", x, dim, keepdim)
    return var(b, x, dim, correction=correction, keepdim=keepdim), mean


# aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None)
#     -> Tensor
# aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor
@lowers(
    "aten.linalg_vector_norm.default",
    "aten.norm.ScalarOpt_dim",
    emits=("abs", "elementwise_mul", "reduce_max", "reduce_sum", "reshape2", "sqrt"),
)
def vector_norm(b: Builder, x: Var, order: Number | None = 2, dim: Axes = None, keepdim: bool = False, **_: Any) -> Var:
    if order in (None, 2):
        return b.emit("sqrt", {"X": reduced(b, "reduce_sum", b.binary("elementwise_mul", x, x), dim, keepdim)})
    if order not in (1, math.inf):
        raise ValueError(f"a norm of order {order} is not supported, only 1, 2 and inf")
    return reduced(b, "reduce_sum" if order == 1 else "reduce_max", b.emit("abs", {"X": x}), dim, keepdim)


# aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor
# Shifted by the maximum, so exp cannot overflow.
@lowers(
    "aten.logsumexp.default",
    emits=("elementwise_add", "elementwise_sub", "exp", "log", "reduce_max", "reduce_sum", "reshape2", "squeeze2"),
)
def logsumexp(b: Builder, x: Var, dim: Axes, keepdim: bool = False) -> Var:
    axes = positive(dim, x.rank)
    peak = reduced(b, "reduce_max", x, axes, keepdim=True)
    powers = b.emit("exp", {"X": b.binary("elementwise_sub", x, peak)})
    total = b.binary(
        "elementwise_add", b.emit("log", {"X": reduced(b, "reduce_sum", powers, axes, keepdim=True)}), peak
    )
    return total if keepdim else b.squeeze(total, axes)


# aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor    integers are summed as int64
@lowers("aten.cumsum.default", emits=("cast", "cumsum"))
def cumsum(b: Builder, x: Var, dim: int, **_: Any) -> Var:
    dtype = b.result.dtype
    if not is_float(dtype) and dtype != "int64":
        raise ValueError(f"a running sum in {dtype} is not supported")
    attrs = {"axis": dim % x.rank, "flatten": False, "exclusive": False, "reverse": False}
    return b.emit("cumsum", {"X": b.cast(x, dtype)}, attrs)
