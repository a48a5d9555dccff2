"""Casts that Paddle Lite's host kernel has.

Why: it aborts the process on int64 to bool and on uint8 to anything but float32 (lite/kernels/host/cast_compute.cc).
Ensures: every `cast` is one of the kernel's, except those to and from float64, which the guard refuses.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def casts(program: Program) -> Program:
    """To bool by comparing with 0, from uint8 through float32."""
    return rewrite(program, ("cast",), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x, out = rewriter.input(op, "X"), rewriter.output(op)
    if x.dtype == "uint8" and out.dtype != "float32":
        wide = rewriter.cast(x, "float32")
        return rewriter.truth(wide) if out.dtype == "bool" else rewriter.cast(wide, out.dtype)
    if x.dtype == "int64" and out.dtype == "bool":
        return rewriter.truth(x)
    return None
