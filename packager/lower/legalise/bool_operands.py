"""Comparisons of bool tensors as comparisons of int32 ones.

Why: ONNX has no Less and the like for bool, and Paddle Lite's `opt` finds no kernel for them. Ensures: no comparison
has a bool operand.
"""

from __future__ import annotations

from packager.lower.legalise.compare_broadcast import MIRRORED
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def bool_operands(program: Program) -> Program:
    """Cast bool operands to int32."""
    return rewrite(program, tuple(MIRRORED), _cast)


def _cast(rewriter: Rewriter, op: Op) -> Var | None:
    operands = {slot: rewriter.input(op, slot) for slot in ("X", "Y")}
    if all(var.dtype != "bool" for var in operands.values()):
        return None
    return rewriter.again(op, {slot: rewriter.cast(var, "int32") for slot, var in operands.items()})
