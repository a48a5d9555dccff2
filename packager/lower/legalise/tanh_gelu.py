"""The tanh form of gelu as elementary operators.

Why: paddle2onnx 1.3.1 and Paddle Lite 2.13 read `gelu` with `approximate` as the erf form, 4.6e-4 off, without a word.
Requires: nothing. Ensures: no `gelu` with `approximate`.
"""

from __future__ import annotations

import math

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def tanh_gelu(program: Program) -> Program:
    """0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))."""
    return rewrite(program, ("gelu",), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    if not op.attrs.get("approximate", False):
        return None
    x = rewriter.input(op, "X")
    square = rewriter.binary("elementwise_mul", x, x)
    # √(2/π)·(x + 0.044715·x³) = x·(√(2/π)·0.044715·x² + √(2/π))
    factor = math.sqrt(2 / math.pi)
    inner = rewriter.binary("elementwise_mul", x, rewriter.affine(square, factor * 0.044715, factor))
    gate = rewriter.affine(rewriter.emit("tanh", {"X": inner}), 0.5, 0.5)
    return rewriter.binary("elementwise_mul", x, gate)
