"""Comparisons whose left side is as large as the result.

Why: Paddle Lite's comparison kernel broadcasts the right side only; a left side of lower rank, or two sides that
broadcast each other and happen to hold equally many elements (an outer comparison of positions), give wrong results
without a word (lite/kernels/host/compare_compute.cc). Ensures: the left side has the result's shape, or the right
side one element.
"""

from __future__ import annotations

from math import prod

from packager.lower.dtypes import broadcast
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

MIRRORED = {
    "equal": "equal",
    "not_equal": "not_equal",
    "less_than": "greater_than",
    "less_equal": "greater_equal",
    "greater_than": "less_than",
    "greater_equal": "less_equal",
}


def compare_broadcast(program: Program) -> Program:
    """Swap the sides where that is enough; else compare their difference with 0."""
    return rewrite(program, tuple(MIRRORED), _reshape)


def _reshape(rewriter: Rewriter, op: Op) -> Var | None:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    shape = broadcast(x.shape, y.shape)
    if x.shape == shape or _is_one(y):
        return None
    if y.shape == shape or _is_one(x):
        return rewriter.binary(MIRRORED[op.type], y, x, dtype="bool")
    difference = rewriter.binary("elementwise_sub", x, y)
    return rewriter.binary(op.type, difference, rewriter.full((1,), 0, x.dtype), dtype="bool")


def _is_one(var: Var) -> bool:
    return all(isinstance(size, int) for size in var.shape) and prod(int(size) for size in var.shape) == 1
