"""`cumsum` with `exclusive` or `reverse` as plain `cumsum`.

Why: paddle2onnx 1.3.1 drops both attributes without a word. Ensures: no `cumsum` has one of them.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def cumsum_options(program: Program) -> Program:
    """Reverse by flipping before and after; exclusive by taking the element itself away again."""
    return rewrite(program, ("cumsum",), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    exclusive, reverse = op.attrs.get("exclusive", False), op.attrs.get("reverse", False)
    if not exclusive and not reverse:
        return None
    flip = {"axis": (op.attrs["axis"],)}
    x = rewriter.input(op, "X")
    x = rewriter.emit("flip", {"X": x}, flip) if reverse else x
    total = rewriter.again(op, {"X": x}, {"exclusive": False, "reverse": False})
    total = rewriter.binary("elementwise_sub", total, x) if exclusive else total
    return rewriter.emit("flip", {"X": total}, flip) if reverse else total
