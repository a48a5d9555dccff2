"""`elementwise_mod` of floats as x - ⌊x/y⌋·y.

Why: Paddle Lite's kernel gives other numbers on x86, without a word. Ensures: `elementwise_mod` is of integers.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def float_remainder(program: Program) -> Program:
    """The remainder has the divisor's sign, as in torch and Paddle."""
    return rewrite(program, ("elementwise_mod",), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    if not x.dtype.startswith("float"):
        return None
    whole = rewriter.emit("floor", {"X": rewriter.binary("elementwise_div", x, y)})
    return rewriter.binary("elementwise_sub", x, rewriter.binary("elementwise_mul", whole, y))
