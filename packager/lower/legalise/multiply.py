"""Products with a weight as `mul`, which Paddle Lite fuses into `fc`.

Why: its int8 kernels exist for `fc` only; a quantised `matmul_v2` gives NaN on x86. Ensures: no `matmul_v2` has a 2-D
constant on its right, unless the left side is transposed.
"""

from __future__ import annotations

import numpy as np

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def multiply(program: Program) -> Program:
    """`mul` sees its left side as a matrix of the last axis and all the others."""
    return rewrite(program, ("matmul_v2",), _replace)


def _replace(rewriter: Rewriter, op: Op) -> Var | None:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    if y.name not in rewriter.constants or y.rank != 2 or x.rank < 2 or op.attrs.get("trans_x", False):
        return None
    if op.attrs.get("trans_y", False):
        y = rewriter.derived(y, "transposed", np.transpose)
    attrs = {"x_num_col_dims": x.rank - 1, "y_num_col_dims": 1}
    return rewriter.emit("mul", {"X": x, "Y": y}, attrs, shape=rewriter.output(op).shape)
