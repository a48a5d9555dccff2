"""`softplus` with a `beta` or a low `threshold` by the plain one.

Why: paddle2onnx 1.3.1 drops both attributes without a word. Ensures: every `softplus` has beta 1 and threshold 20.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

# Above this, softplus(z) and z differ by less than float32 shows, so the threshold does not matter.
EXACT = 16.0
PLAIN = {"beta": 1.0, "threshold": 20.0}


def softplus_options(program: Program) -> Program:
    """softplus(beta·x)/beta, and x itself where beta·x exceeds a threshold that could show."""
    return rewrite(program, ("softplus",), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    beta, threshold = float(op.attrs.get("beta", 1.0)), float(op.attrs.get("threshold", 20.0))
    if beta == 1.0 and threshold >= EXACT:
        return None
    x = rewriter.input(op, "X")
    scaled = rewriter.affine(x, beta, 0.0)
    soft = rewriter.affine(rewriter.emit("softplus", {"X": scaled}, PLAIN), 1 / beta, 0.0)
    if threshold >= EXACT:
        return soft
    over = rewriter.binary("greater_than", scaled, rewriter.full((1,), threshold, x.dtype), dtype="bool")
    return rewriter.emit("where", {"Condition": over, "X": x, "Y": soft}, like=x)
