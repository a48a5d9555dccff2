from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import COMPLEX, Case, X, case
from tests.support.random_tensors import Calls, Draw, booleans, shapes, some_axes


@st.composite
def transform(draw: Draw) -> Case:
    shape = draw(shapes(1, 4))
    axes = sorted({axis % len(shape) for axis in some_axes(draw, len(shape))})
    x = X(*shape, dtype=COMPLEX)
    return case("aten._fft_c2c.default", x, axes, draw(st.integers(0, 2)), draw(booleans))


@st.composite
def as_real(draw: Draw) -> Case:
    return case("aten.view_as_real.default", X(*draw(shapes(1, 4)), dtype=COMPLEX))


@st.composite
def as_complex(draw: Draw) -> Case:
    return case("aten.view_as_complex.default", X(*draw(shapes(1, 4)), 2))


CALLS: Calls = {
    "aten._fft_c2c.default": transform(),
    "aten.view_as_real.default": as_real(),
    "aten.view_as_complex.default": as_complex(),
}
