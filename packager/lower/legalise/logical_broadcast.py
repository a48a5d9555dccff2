"""`logical_and`, `logical_or` and `logical_xor` of unequal shapes as float arithmetic.

Why: Paddle Lite's kernels do not broadcast; they read past the end of the smaller tensor
(lite/kernels/host/logical_compute.cc). Ensures: both operands of a logical operator have one shape.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

ARITHMETIC = {"logical_and": "elementwise_mul", "logical_or": "elementwise_add", "logical_xor": "elementwise_sub"}


def logical_broadcast(program: Program) -> Program:
    """and: x·y ≠ 0; or: x + y ≠ 0; xor: x - y ≠ 0."""
    return rewrite(program, tuple(ARITHMETIC), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    if x.shape == y.shape:
        return None
    number = rewriter.binary(ARITHMETIC[op.type], rewriter.cast(x, "float32"), rewriter.cast(y, "float32"))
    return rewriter.truth(number)
