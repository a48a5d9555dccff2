"""`scale` with a factor next to 1 and a term next to 0 by a product and a sum.

Why: paddle2onnx 1.3.1 takes it for the identity; the 1e-6 that a norm adds before its root is gone, and rows of zeros,
as those of padding, become NaN. Ensures: a `scale` is the identity, or differs from it by more than 1e-6.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

# paddle2onnx compares in double precision what Paddle stores in single: 1e-6 itself lies below.
NEAR = 1e-6


def near_identity(program: Program) -> Program:
    """A product and a sum with constants, each where it is more than the identity."""
    return rewrite(program, ("scale",), _decompose)


def is_near_identity(op: Op) -> bool:
    """Whether a `scale` would be dropped though it is not the identity."""
    factor, term = float(op.attrs.get("scale", 1.0)), float(op.attrs.get("bias", 0.0))
    if "ScaleTensor" in op.inputs or (factor, term) == (1, 0):
        return False
    return abs(factor - 1) <= NEAR and abs(term) <= NEAR


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    if not is_near_identity(op):
        return None
    x = rewriter.input(op, "X")
    for kind, attribute, neutral in (("elementwise_mul", "scale", 1), ("elementwise_add", "bias", 0)):
        number = float(op.attrs.get(attribute, neutral))
        if number != neutral:
            x = rewriter.binary(kind, x, rewriter.full((1,), number, x.dtype))
    return x
