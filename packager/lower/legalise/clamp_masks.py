"""Mask fills that Paddle Lite's softmax can take.

Why: additive masks of -3.4e38 or -inf become NaN after its softmax. Ensures: no float constant, fill or
factor of a `scale` lies below -1e9, which still is 0 after any softmax.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from packager.lower.legalise.rewriter import Rewriter, renamed
from packager.lower.program import Op, Program

FLOOR = -1e9


def clamp_masks(program: Program) -> Program:
    """Raise what is lower to -1e9. Constants get a new name with their new values."""
    rewriter = Rewriter(program)
    clamped = {
        name: rewriter.derived(program.variables[name], "clamped", _clamp).name
        for name, array in program.constants.items()
        if array.dtype.kind == "f" and array.min(initial=0) < FLOOR
    }
    ops = tuple(replace(renamed(op, clamped), attrs=dict(op.attrs) | _attributes(op)) for op in program.ops)
    return replace(program, ops=ops, variables=rewriter.variables, constants=rewriter.constants)


def _clamp(array: NDArray[np.generic]) -> NDArray[np.generic]:
    clamped: NDArray[np.generic] = np.maximum(array, array.dtype.type(FLOOR))
    return clamped


def _attributes(op: Op) -> dict[str, object]:
    if op.type == "fill_constant":
        value = float(op.attrs.get("str_value") or op.attrs["value"])
        # The dtype codes of float16, float32 and float64.
        if value < FLOOR and op.attrs["dtype"] in (4, 5, 6):
            return {"value": FLOOR, "str_value": repr(FLOOR)}
    if op.type == "fill_any_like" and op.attrs["value"] < FLOOR and op.attrs["dtype"] in (4, 5, 6):
        return {"value": FLOOR}
    if op.type == "scale":
        return {name: FLOOR for name in ("scale", "bias") if op.attrs.get(name, 0.0) < FLOOR}
    return {}
