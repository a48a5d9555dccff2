"""The side output of operators that only change the shape.

Why: `flatten_contiguous_range` without `XShape` crashes Paddle Lite's `opt`. Ensures: each has an `XShape`.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

SHAPERS = ("flatten_contiguous_range", "reshape2", "transpose2", "squeeze2", "unsqueeze2")


def shape_outputs(program: Program) -> Program:
    """Declare an `XShape` where there is none."""
    return rewrite(program, SHAPERS, _add)


def _add(rewriter: Rewriter, op: Op) -> Var | None:
    if "XShape" in op.outputs:
        return None
    out = rewriter.output(op)
    inputs = {slot: [rewriter.variables[name] for name in names] for slot, names in op.inputs.items()}
    return rewriter.emit(op.type, inputs, op.attrs, dtype=out.dtype, shape=out.shape, side=("XShape",))
