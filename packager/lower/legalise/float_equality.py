"""`equal` and `not_equal` of floats by `less_equal` and `greater_equal`.

Why: Paddle Lite takes floats as equal that are less than 1e-8 apart, and an infinity as unequal to itself
(lite/kernels/host/compare_compute.cc). Ensures: neither has float operands.
"""

from __future__ import annotations

from packager.lower.dtypes import is_float
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def float_equality(program: Program) -> Program:
    """Equal is what is both at most and at least the other; NaN is neither, not even to itself."""
    return rewrite(program, ("equal", "not_equal"), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    if not is_float(x.dtype):
        return None
    most, least = (rewriter.binary(type_, x, y, dtype="bool") for type_ in ("less_equal", "greater_equal"))
    same = rewriter.binary("logical_and", most, least)
    return same if op.type == "equal" else rewriter.emit("logical_not", {"X": same})
