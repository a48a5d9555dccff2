"""Reductions over sets of axes that Paddle Lite's arm kernels take.

Why: in 2.13 they abort at run time on most sets, and ignore `reduce_all` where `dim` is given
(lite/kernels/arm/reduce_{mean,sum,max,min,prod}_compute.cc). x86 takes everything, so nothing would show before a
board. Requires: rank 4 at most, else the guard refuses. Ensures: axes are sorted and not negative, and are one axis
or, at rank 4, (0,1), (1,2) or (2,3); mean and sum of everything have `reduce_all` and no axes.
"""

from __future__ import annotations

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
