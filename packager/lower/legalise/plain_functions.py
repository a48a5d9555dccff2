"""Functions of one tensor that Paddle Lite lacks or gets wrong, by those that it gets right.

Why: `acos`, `asin`, `ceil`, `log1p`, `log2`, `log10`, `logsigmoid` and `tan` are on neither place's list, `sign` is not
on x86's, and `round` takes halves away from zero where torch, Paddle and ONNX take them to the even neighbour
(lite/kernels/host/round_compute.cc). Ensures: none of them is left, unless it is of integers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from packager.lower.dtypes import is_float
from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def plain_functions(program: Program) -> Program:
    """Replace them by the table below."""
    return rewrite(program, tuple(FUNCTIONS), _replace)


def _replace(rewriter: Rewriter, op: Op) -> Var | None:
    x = rewriter.input(op, "X")
    return FUNCTIONS[op.type](rewriter, x) if is_float(x.dtype) else None


# Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.46: acos(x)/√(1 - x) for 0 ≤ x ≤ 1, within 2e-8.
ACOS = (
    1.5707963050,
    -0.2145988016,
    0.0889789874,
    -0.0501743046,
    0.0308918810,
    -0.0170881256,
    0.0066700901,
    -0.0012624911,
)


def _acos(r: Rewriter, x: Var) -> Var:
    """For negative x it is π - acos(-x)."""
    size = r.emit("abs", {"X": x})
    polynomial = r.affine(size, ACOS[-1], ACOS[-2])
    for coefficient in ACOS[-3::-1]:
        polynomial = r.affine(r.binary("elementwise_mul", polynomial, size), 1, coefficient)
    root = r.emit("sqrt", {"X": r.affine(size, -1, 1)})
    angle = r.binary("elementwise_mul", root, polynomial)
    supplement = r.binary("elementwise_mul", _where(r, "less_than", x, 0), r.affine(angle, -2, math.pi))
    return r.binary("elementwise_add", angle, supplement)


def _asin(r: Rewriter, x: Var) -> Var:
    return r.affine(_acos(r, x), -1, math.pi / 2)


def _tan(r: Rewriter, x: Var) -> Var:
    return r.binary("elementwise_div", r.emit("sin", {"X": x}), r.emit("cos", {"X": x}))


def _log(scale: float = 1, bias: float = 0) -> Callable[[Rewriter, Var], Var]:
    """log(x + bias) · scale."""
    return lambda r, x: r.affine(r.emit("log", {"X": r.affine(x, 1, bias)}), scale, 0)


def _ceil(r: Rewriter, x: Var) -> Var:
    return r.affine(_floor(r, r.affine(x, -1, 0)), -1, 0)


def _logsigmoid(r: Rewriter, x: Var) -> Var:
    return r.affine(r.emit("softplus", {"X": r.affine(x, -1, 0)}, {"beta": 1.0, "threshold": 20.0}), -1, 0)


def _sign(r: Rewriter, x: Var) -> Var:
    return r.binary("elementwise_sub", _where(r, "greater_than", x, 0), _where(r, "less_than", x, 0))


def _round(r: Rewriter, x: Var) -> Var:
    """The nearest even number, and one more or less where x is over a half away from it; exact below 2^24."""
    even = r.affine(_floor(r, r.affine(x, 0.5, 0.5)), 2, 0)
    away = r.binary("elementwise_sub", x, even)
    step = r.binary("elementwise_sub", _where(r, "greater_than", away, 0.5), _where(r, "less_than", away, -0.5))
    return r.binary("elementwise_add", even, step)


def _floor(r: Rewriter, x: Var) -> Var:
    return r.emit("floor", {"X": x})


def _where(r: Rewriter, comparison: str, x: Var, bound: float) -> Var:
    """1 where the comparison with the bound holds, else 0."""
    return r.cast(r.binary(comparison, x, r.full((1,), bound, x.dtype), dtype="bool"), x.dtype)


FUNCTIONS: Mapping[str, Callable[[Rewriter, Var], Var]] = {
    "acos": _acos,
    "asin": _asin,
    "ceil": _ceil,
    "log1p": _log(bias=1),
    "log2": _log(1 / math.log(2)),
    "log10": _log(1 / math.log(10)),
    "logsigmoid": _logsigmoid,
    "round": _round,
    "sign": _sign,
    "tan": _tan,
}
