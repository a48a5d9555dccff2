"""Refuses what paddle2onnx 1.3.1 would silently get wrong or has no mapper for.

Why: the list in its own words is short, and some of its mappers drop attributes. Ensures: nothing; it only raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packager.errors import UnsupportedModelError
from packager.lower.counted import counted
from packager.lower.legalise.listed_operators import onnx_operators
from packager.lower.legalise.near_identity import is_near_identity
from packager.lower.legalise.readable import readable
from packager.lower.legalise.softplus_options import EXACT
from packager.lower.program import Op, Program

REMEDY = "build for Paddle Lite alone (--engine paddlelite), or add a rule under packager/lower/legalise/"


def onnx_guard(program: Program) -> Program:
    """The program itself; raises UnsupportedModelError naming the operators."""
    unknown = [op.type for op in program.ops if op.type not in onnx_operators()]
    if unknown:
        raise UnsupportedModelError(f"paddle2onnx has no mapper for {counted(unknown)}", remedy=REMEDY)
    for op in program.ops:
        with readable(op):
            wrong = op.type in WRONG and WRONG[op.type](op)
        if wrong:
            raise UnsupportedModelError(f"paddle2onnx converts {op.type} {dict(op.attrs)} wrongly", remedy=REMEDY)
    return program


def _gelu(op: Op) -> bool:
    """The tanh form becomes the erf form, 4.6e-4 off."""
    return bool(op.attrs.get("approximate", False))


def _cumsum(op: Op) -> bool:
    """`exclusive` and `reverse` are dropped."""
    return bool(op.attrs.get("exclusive", False) or op.attrs.get("reverse", False))


def _softplus(op: Op) -> bool:
    """`beta` and `threshold` are dropped."""
    return float(op.attrs.get("beta", 1.0)) != 1.0 or float(op.attrs.get("threshold", 20.0)) < EXACT


def _set_value(op: Op) -> bool:
    """Values given as attributes abort the process."""
    return "ValueTensor" not in op.inputs


# What the mapper drops or aborts on, by operator; each was found by converting and running one.
WRONG: Mapping[str, Callable[[Op], bool]] = {
    "cumsum": _cumsum,
    "gelu": _gelu,
    "scale": is_near_identity,
    "set_value": _set_value,
    "softplus": _softplus,
}
