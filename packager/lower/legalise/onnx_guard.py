"""Refuses what paddle2onnx 1.3.1 would silently get wrong or has no mapper for.

Why: the list in its own words is short, and some of its mappers drop attributes. Ensures: nothing; it only raises.
"""

from __future__ import annotations

from packager.errors import UnsupportedModelError
from packager.lower.counted import counted
from packager.lower.legalise.listed_operators import onnx_operators
from packager.lower.legalise.near_identity import is_near_identity
from packager.lower.legalise.readable import readable
from packager.lower.program import Op, Program

REMEDY = "build for Paddle Lite alone (--engine paddlelite), or add a rule under packager/lower/legalise/"


def onnx_guard(program: Program) -> Program:
    """The program itself; raises UnsupportedModelError naming the operators."""
    unknown = [op.type for op in program.ops if op.type not in onnx_operators()]
    if unknown:
        raise UnsupportedModelError(f"paddle2onnx has no mapper for {counted(unknown)}", remedy=REMEDY)
    for op in program.ops:
        with readable(op):
            wrong = is_wrong(op)
        if wrong:
            raise UnsupportedModelError(f"paddle2onnx converts {op.type} {dict(op.attrs)} wrongly", remedy=REMEDY)
    return program


def is_wrong(op: Op) -> bool:
    """Whether paddle2onnx takes the operator and drops a part of it, or aborts."""
    match op.type:
        case "gelu":
            return bool(op.attrs.get("approximate", False))
        case "cumsum":
            return bool(op.attrs.get("exclusive", False) or op.attrs.get("reverse", False))
        case "softplus":
            return float(op.attrs.get("beta", 1.0)) != 1.0 or float(op.attrs.get("threshold", 20.0)) < 16
        case "scale":
            return is_near_identity(op)
        case "set_value":
            return "ValueTensor" not in op.inputs
    return False
