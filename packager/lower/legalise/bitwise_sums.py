"""`bitwise_or` and `bitwise_xor` of integers by `bitwise_and`.

Why: Paddle Lite lists them for both places, but its packages are built without their kernels (LITE_BUILD_EXTRA in
lite/kernels/host/bitwise_compute.cc), and `opt` aborts. Ensures: neither is left.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def bitwise_sums(program: Program) -> Program:
    """X | y = x + y - (x & y) and x ^ y = x + y - 2·(x & y); a sum that overflows comes back."""
    return rewrite(program, ("bitwise_or", "bitwise_xor"), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    total = rewriter.binary("elementwise_add", x, y)
    both = rewriter.binary("bitwise_and", x, y)
    for _ in range(1 if op.type == "bitwise_or" else 2):
        total = rewriter.binary("elementwise_sub", total, both)
    return total
