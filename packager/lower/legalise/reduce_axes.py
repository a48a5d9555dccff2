"""Reductions over sets of axes that Paddle Lite's arm kernels take.

Why: in 2.13 they abort at run time on most sets, and ignore `reduce_all` where `dim` is given
(lite/kernels/arm/reduce_{mean,sum,max,min,prod}_compute.cc). x86 takes everything, so nothing would show before a
board. Ensures: rank 4 at most; axes are sorted and not negative, and are one axis or, at rank 4, (0,1), (1,2) or (2,3);
mean and sum of everything have `reduce_all` and no axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import prod

from edge.manifest import Dimension
from packager.lower.builder import Size
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

REDUCTIONS = ("reduce_mean", "reduce_sum", "reduce_max", "reduce_min", "reduce_prod")
# One kernel for both places, which takes the same sets.
TRUTHS = ("reduce_any", "reduce_all")
PAIRS = ((0, 1), (1, 2), (2, 3))


def reduce_axes(program: Program) -> Program:
    """Other sets become one reduction after another, from the last axis to the first."""
    return rewrite(program, (*REDUCTIONS, *TRUTHS), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x = rewriter.input(op, "X")
    keep = bool(op.attrs.get("keep_dim", False))
    axes = tuple(sorted({axis % x.rank for axis in op.attrs.get("dim", ())}))
    if op.attrs.get("reduce_all", False) or not axes:
        axes = tuple(range(x.rank))
    if x.rank > 4:
        return _flattened(rewriter, op, x, axes)
    if op.type == "reduce_prod" and (x.rank < 4 or len(axes) > 1):
        return _at_rank_4(rewriter, op, x, axes, keep=keep)
    if axes == tuple(range(x.rank)) and x.rank > 1 and op.type in ("reduce_mean", "reduce_sum"):
        attrs = {"dim": (), "keep_dim": keep, "reduce_all": True}
        return None if dict(op.attrs) == attrs else rewriter.again(op, attrs=attrs)
    return _chain(rewriter, op, x, axes, keep=keep)


def _chain(rewriter: Rewriter, op: Op, x: Var, axes: tuple[int, ...], *, keep: bool) -> Var:
    takes_pair = x.rank == 4 and axes in PAIRS
    for group in [axes] if takes_pair else [(axis,) for axis in reversed(axes)]:
        attrs = {"dim": group, "keep_dim": keep, "reduce_all": False}
        kept = [1 if axis in group else size for axis, size in enumerate(x.shape) if keep or axis not in group]
        x = rewriter.emit(op.type, {"X": x}, attrs, shape=kept or (1,))
    return x


def _at_rank_4(rewriter: Rewriter, op: Op, x: Var, axes: tuple[int, ...], *, keep: bool) -> Var:
    """The kernel of `reduce_prod` takes rank 4 only: add axes of 1 at the end, and drop them after."""
    out = rewriter.output(op)
    surplus = tuple(range(x.rank, 4))
    dropped = surplus if keep else (axes + surplus)[1 if len(axes) == x.rank else 0 :]
    if surplus:
        shape = (*x.shape, *(1 for _ in surplus))
        x = rewriter.emit("unsqueeze2", {"X": x}, {"axes": surplus}, shape=shape, side=("XShape",))
    x = _chain(rewriter, op, x, axes, keep=True)
    if not dropped:
        return x
    return rewriter.emit("squeeze2", {"X": x}, {"axes": dropped}, shape=out.shape or (1,), side=("XShape",))


def _flattened(rewriter: Rewriter, op: Op, x: Var, axes: tuple[int, ...]) -> Var:
    """Neighbouring axes go together: what is before, the second one that is reduced, what is after, and one of 1."""
    shape, sizes = list(x.shape), list(rewriter.sizes(x))
    runs = [list(run) for reduced, run in groupby(range(x.rank), axes.__contains__) if reduced]
    y = x
    for run in reversed(runs):
        parts = (slice(run[0]), slice(run[0], run[-1] + 1), slice(run[-1] + 1, None))
        flat = [*(_product(rewriter, shape[part], sizes[part]) for part in parts), (1, 1)]
        y = rewriter.reshape(y, [size for size, _ in flat], [size for _, size in flat])
        y = _chain(rewriter, op, y, (1,), keep=True)
        for axis in run:
            shape[axis] = sizes[axis] = 1
    out = rewriter.output(op).shape
    kept = [size for axis, size in enumerate(sizes) if axis not in axes] or [1]
    return rewriter.reshape(y, out, sizes if len(out) == len(sizes) else kept)


def _product(rewriter: Rewriter, shape: Sequence[Dimension], sizes: Sequence[Size]) -> tuple[Dimension, Size]:
    """Several sizes as one: how it is named, and its number or variable."""
    known = prod(size for size in sizes if isinstance(size, int))
    unknown = [size for size in sizes if isinstance(size, Var)]
    if not unknown:
        return known, known
    total, *others = (*unknown, *rewriter.size_vars([known] if known != 1 else []))
    for size in others:
        total = rewriter.binary("elementwise_mul", total, size)
    return "*".join(map(str, shape)), total
