"""Discrete Fourier transforms, as products with matrices of cosines and sines.

Paddle's own operators for them have no mapper in paddle2onnx and no kernel in Paddle Lite. The work grows with the
square of a size instead of its logarithm, which for hundreds of tokens is still what a matrix product does best.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from packager.lower.builder import Builder
from packager.lower.complex import Complex
from packager.lower.operators.linear import product
from packager.lower.operators.slicing import selected
from packager.lower.program import Var
from packager.lower.registry import lowers

ROTATE = ("elementwise_add", "elementwise_sub", "matmul_v2", "reshape2", "scale", "transpose2")
# What computes the matrices where a size is only known at run time.
WAVES = (
    "cast", "cos", "elementwise_div", "elementwise_mul", "fill_constant", "floor", "range", "shape", "sin", "slice",
    "sqrt", "unsqueeze2",
)  # fmt: skip

# fft_norm_mode in ATen/native/SpectralOpsUtils.h (none, by_root_n, by_n): the power of 1/n.
POWERS = {0: 0.0, 1: 0.5, 2: 1.0}


# aten::_fft_c2c(Tensor self, SymInt[] dim, int normalization, bool forward) -> Tensor
@lowers("aten._fft_c2c.default", emits=(*ROTATE, *WAVES))
def fft_c2c(b: Builder, x: Complex, dim: Sequence[int], normalization: int, forward: bool) -> Complex:
    for axis in dim:
        x = _transformed(b, x, axis % x.real.rank, POWERS[normalization], forward=forward)
    return x


# aten::view_as_real(Tensor self) -> Tensor    a last axis of two
@lowers("aten.view_as_real.default", emits=("stack",))
def view_as_real(b: Builder, x: Complex) -> Var:
    return b.emit("stack", {"X": (x.real, x.imaginary)}, {"axis": x.real.rank}, out="Y", shape=b.result.shape)


# aten::view_as_complex(Tensor self) -> Tensor
@lowers("aten.view_as_complex.default", emits=("slice", "squeeze2"))
def view_as_complex(b: Builder, x: Var) -> Complex:
    real, imaginary = (selected(b, x, x.rank - 1, part) for part in (0, 1))
    return Complex(real, imaginary)


def _transformed(b: Builder, x: Complex, axis: int, power: float, *, forward: bool) -> Complex:
    """One axis: (r + i·j)·(cos ∓ i·sin)."""
    cosines, sines = _waves(b, x.real, axis, power)
    real, turned = (_along(b, x.real, axis, wave) for wave in (cosines, sines))
    if b.is_zero(x.imaginary):
        return Complex(real, b.affine(turned, -1, 0) if forward else turned)
    imaginary, against = (_along(b, x.imaginary, axis, wave) for wave in (cosines, sines))
    first, second = ("elementwise_add", "elementwise_sub")[:: 1 if forward else -1]
    return Complex(b.binary(first, real, against), b.binary(second, imaginary, turned))


def _along(b: Builder, x: Var, axis: int, matrix: Var) -> Var:
    """The product of one axis with a symmetric matrix."""
    if x.rank == 1:
        return b.reshape(product(b, b.reshape(x, (1, *x.shape)), matrix), x.shape)
    if axis == x.rank - 1:
        return product(b, x, matrix)
    order = list(range(x.rank))
    order[axis], order[-1] = order[-1], order[axis]
    return b.transpose(product(b, b.transpose(x, order), matrix), order)


def _waves(b: Builder, x: Var, axis: int, power: float) -> tuple[Var, Var]:
    """Cosines and sines of 2π·j·k/n for all places j and k of an axis of size n, by n to the -power."""
    size = x.shape[axis]

    def matrix(wave: str) -> Var:
        if not isinstance(size, int):
            angles, count = _angles(b, x, axis)
            return _divided(b, b.emit(wave, {"X": angles}), count, power)
        places = np.arange(size)
        # The remainder first: it is exact, and the angle stays small.
        turns = np.outer(places, places) % size / size
        return b.constant((getattr(np, wave)(2 * math.pi * turns) * float(size) ** -power).astype("float32"))

    cosines, sines = (b.once((wave, size, power), partial(matrix, wave)) for wave in ("cos", "sin"))
    return cosines, sines


def _angles(b: Builder, x: Var, axis: int) -> tuple[Var, Var]:
    """The angles where the size is only known at run time, (n, n), and the size as float32."""
    size = x.shape[axis]
    length = b.size(x, axis)
    count = b.cast(length, "float32")

    def make() -> Var:
        slots = {"Start": b.full((1,), 0, "int32"), "End": length, "Step": b.full((1,), 1, "int32")}
        places = b.cast(b.emit("range", slots, shape=(size,)), "float32")
        # Exact below 2^24, so for sizes up to 4096. A quotient that was rounded across a whole number turns by 2π.
        products = b.binary("elementwise_mul", b.unsqueeze(places, (1,)), b.unsqueeze(places, (0,)))
        turns = b.emit("floor", {"X": b.binary("elementwise_div", products, count)})
        rest = b.binary("elementwise_sub", products, b.binary("elementwise_mul", turns, count))
        return b.affine(b.binary("elementwise_div", rest, count), 2 * math.pi, 0)

    return b.once(("angles", size), make), count


def _divided(b: Builder, x: Var, count: Var, power: float) -> Var:
    if power == 0:
        return x
    divisor = count if power == 1 else b.emit("sqrt", {"X": count})
    return b.binary("elementwise_div", x, divisor)
