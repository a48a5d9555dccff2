"""`elementwise_min` and `elementwise_max` of integers by their difference.

Why: Paddle Lite's arm kernels take floats only; `opt` converts what is computed, and aborts on a constant
(lite/kernels/arm/elementwise_compute.cc). Ensures: both have float operands.
"""

from __future__ import annotations

from packager.lower.dtypes import is_float
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def integer_extremes(program: Program) -> Program:
    """With d = min(x - y, 0), the least is y + d and the greatest is x - d."""
    return rewrite(program, ("elementwise_min", "elementwise_max"), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    if is_float(x.dtype):
        return None
    difference = rewriter.binary("elementwise_sub", x, y)
    less = rewriter.binary("less_than", difference, rewriter.full((1,), 0, x.dtype), dtype="bool")
    below = rewriter.binary("elementwise_mul", difference, rewriter.cast(less, x.dtype))
    if op.type == "elementwise_min":
        return rewriter.binary("elementwise_add", below, y)
    return rewriter.binary("elementwise_sub", x, below)
