"""`scatter_nd_add` into a vector as one into a matrix of one column.

Why: Paddle Lite refuses a vector at run time (lite/operators/scatter_nd_add_op.cc). Ensures: its input has rank 2 or
more.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def scatter_rank(program: Program) -> Program:
    """Add an axis of 1 to what is written into and to what is written, and drop it after."""
    return rewrite(program, ("scatter_nd_add",), _widen)


def _widen(rewriter: Rewriter, op: Op) -> Var | None:
    x, index, values = (rewriter.input(op, slot) for slot in ("X", "Index", "Updates"))
    if x.rank > 1:
        return None
    slots = {"X": rewriter.unsqueeze(x, (1,)), "Index": index, "Updates": rewriter.unsqueeze(values, (values.rank,))}
    return rewriter.squeeze(rewriter.emit("scatter_nd_add", slots), (1,))
