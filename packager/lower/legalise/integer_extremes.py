"""`elementwise_min`, `elementwise_max` and `abs` of integers by differences.

Why: Paddle Lite's arm kernels take floats only; `opt` converts what is computed, and aborts on a constant
(lite/kernels/arm/elementwise_compute.cc). So does its only `abs`, whose float32 result a `where` of integers then reads
as integers (lite/kernels/host/activation_compute.cc). Ensures: all three have float operands.
"""

from __future__ import annotations

from packager.lower.dtypes import is_float
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def integer_extremes(program: Program) -> Program:
    """With d = min(x - y, 0), the least is y + d and the greatest is x - d; |x| is the greatest of x and -x."""
    return rewrite(program, ("elementwise_min", "elementwise_max", "abs"), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x = rewriter.input(op, "X")
    if is_float(x.dtype):
        return None
    if op.type == "abs":
        difference = rewriter.binary("elementwise_add", x, x)
    else:
        difference = rewriter.binary("elementwise_sub", x, rewriter.input(op, "Y"))
    less = rewriter.binary("less_than", difference, rewriter.full((1,), 0, x.dtype), dtype="bool")
    below = rewriter.binary("elementwise_mul", difference, rewriter.cast(less, x.dtype))
    if op.type == "elementwise_min":
        return rewriter.binary("elementwise_add", below, rewriter.input(op, "Y"))
    return rewriter.binary("elementwise_sub", x, below)
