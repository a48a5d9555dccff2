"""`abs` of floats as the greatest of x and -x.

Why: `opt` fuses `abs` into the sum, difference or product before it, and the fused kernel of x86 aborts on it at run
time: "unsupported active type:abs" (lite/kernels/x86/elementwise_compute.cc). Ensures: no `abs` of floats is left.
"""

from __future__ import annotations

from packager.lower.dtypes import is_float
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def fused_abs(program: Program) -> Program:
    """|x| = max(x, -x), whatever comes before it: a later pass may write what `opt` would fuse."""
    return rewrite(program, ("abs",), _greatest)


def _greatest(rewriter: Rewriter, op: Op) -> Var | None:
    x = rewriter.input(op, "X")
    return rewriter.binary("elementwise_max", x, rewriter.affine(x, -1, 0)) if is_float(x.dtype) else None
