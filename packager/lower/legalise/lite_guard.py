"""Refuses what Paddle Lite 2.13 does not have, or has and gets wrong in a way that no pass here mends.

Why: `opt` and the engine abort their process instead of saying so, and arm differs from the x86 that the build can try.
A foreign Paddle model goes through no pass at all, so this is all that stands between it and the device. Ensures:
nothing; it only raises.
"""

from __future__ import annotations

from packager.errors import UnsupportedModelError
from packager.lower.counted import counted
from packager.lower.legalise.listed_operators import LITE_PLACES, lite_operators
from packager.lower.legalise.lite_limits import ATTRIBUTES, LIMITS
from packager.lower.legalise.readable import readable
from packager.lower.program import Op, Program

REMEDY = "build for ONNX Runtime alone: --engine onnxruntime"


def lite_guard(program: Program) -> Program:
    """The program itself; raises UnsupportedModelError naming the operators."""
    for place in LITE_PLACES:
        unknown = [op.type for op in program.ops if op.type not in lite_operators(place)]
        if unknown:
            raise UnsupportedModelError(f"Paddle Lite for {place} does not list {counted(unknown)}", remedy=REMEDY)
    for op in program.ops:
        with readable(op):
            reason = _reason(program, op)
        if reason:
            raise UnsupportedModelError(f"Paddle Lite cannot run {op.type}: {reason}", remedy=REMEDY)
    for spec in program.outputs:
        if spec.dtype == "bool":
            raise UnsupportedModelError(f"Paddle Lite returns the bool output {spec.name!r} wrongly", remedy=REMEDY)
    return program


def _reason(program: Program, op: Op) -> str:
    dtypes = {program.variables[name].dtype for name in (*op.inputs.get("X", ()), *op.outputs.get("Out", ()))}
    if "float64" in dtypes:
        return "it has no float64"
    missing = [name for name in ATTRIBUTES.get(op.type, ()) if name not in op.attrs]
    if missing:
        return f"opt needs its attribute {missing[0]!r}"
    return LIMITS[op.type](program, op) if op.type in LIMITS else ""
