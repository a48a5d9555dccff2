"""`elementwise_floordiv` of integers and `elementwise_mod` by operators that round alike everywhere.

Why: both of Paddle Lite's places divide integers towards zero, arm gives their remainder the sign of the dividend, and
x86 gives other remainders of floats, all without a word (lite/backends/arm/math/elementwise.cc,
lite/backends/x86/math/elementwise_common_broadcast_config.h). Ensures: no `elementwise_mod`, and what follows an
integer `elementwise_floordiv` corrects a quotient that was rounded up, so that it may round either way.
"""

from __future__ import annotations

from packager.lower.dtypes import is_float
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def floor_division(program: Program) -> Program:
    """The quotient is rounded down and the remainder has the divisor's sign, as in torch and Paddle."""
    return rewrite(program, ("elementwise_floordiv", "elementwise_mod"), _decompose)


def _decompose(rewriter: Rewriter, op: Op) -> Var | None:
    x, y = rewriter.input(op, "X"), rewriter.input(op, "Y")
    remainder = op.type == "elementwise_mod"
    if is_float(x.dtype):
        if not remainder:
            return None
        whole = rewriter.emit("floor", {"X": rewriter.binary("elementwise_div", x, y)})
        return rewriter.binary("elementwise_sub", x, rewriter.binary("elementwise_mul", whole, y))
    quotient = rewriter.binary("elementwise_floordiv", x, y)
    rest = rewriter.binary("elementwise_sub", x, rewriter.binary("elementwise_mul", quotient, y))
    # As floats, because the product only has to have the right sign and must not overflow.
    signs = rewriter.binary("elementwise_mul", rewriter.cast(rest, "float32"), rewriter.cast(y, "float32"))
    zero = rewriter.full((1,), 0, "float32")
    excess = rewriter.cast(rewriter.binary("less_than", signs, zero, dtype="bool"), x.dtype)
    if remainder:
        return rewriter.binary("elementwise_add", rest, rewriter.binary("elementwise_mul", excess, y))
    return rewriter.binary("elementwise_sub", quotient, excess)
