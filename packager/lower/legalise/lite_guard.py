"""Refuses what Paddle Lite 2.13 does not have, or has and gets wrong in a way that no pass here mends.

Why: `opt` and the engine abort their process instead of saying so, and arm differs from the x86 that the build can try.
Ensures: nothing; it only raises.
"""

from __future__ import annotations

from edge.manifest import Dimension
from packager.emit.operators import LITE_PLACES, lite_operators
from packager.errors import UnsupportedModelError
from packager.lower.counted import counted
from packager.lower.legalise.reduce_axes import REDUCTIONS
from packager.lower.program import Op, Program

REMEDY = "build for ONNX Runtime alone: --engine onnxruntime"


def lite_guard(program: Program) -> Program:
    """The program itself; raises UnsupportedModelError naming the operators."""
    for place in LITE_PLACES:
        unknown = [op.type for op in program.ops if op.type not in lite_operators(place)]
        if unknown:
            raise UnsupportedModelError(f"Paddle Lite for {place} does not list {counted(unknown)}", remedy=REMEDY)
    for op in program.ops:
        reason = _reason(program, op)
        if reason:
            raise UnsupportedModelError(f"Paddle Lite cannot run {op.type}: {reason}", remedy=REMEDY)
    return program


def _reason(program: Program, op: Op) -> str:
    dtypes = {program.variables[name].dtype for name in (*op.inputs.get("X", ()), *op.outputs.get("Out", ()))}
    if "float64" in dtypes:
        return "it has no float64"
    if op.type in REDUCTIONS and program.variables[op.inputs["X"][0]].rank > 4:
        return "the arm kernel takes four dimensions at most"
    if op.type == "matmul_v2":
        x, y = (program.variables[op.inputs[slot][0]] for slot in ("X", "Y"))
        if x.rank > 2 and y.rank > 2 and not _same_batch(x.shape[:-2], y.shape[:-2]):
            return f"the arm kernel does not broadcast {x.shape} and {y.shape}"
    return ""


def _same_batch(x: tuple[Dimension, ...], y: tuple[Dimension, ...]) -> bool:
    """Two sizes that are not both numbers are taken as equal, unless one is 1."""
    return len(x) == len(y) and all(
        a == b or (1 not in (a, b) and (isinstance(a, str) or isinstance(b, str))) for a, b in zip(x, y, strict=True)
    )
