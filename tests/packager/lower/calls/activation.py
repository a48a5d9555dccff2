from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st

from tests.support.one_node import Case, DType, W, X, case
from tests.support.random_tensors import (
    Calls,
    Draw,
    an_axis,
    booleans,
    shapes,
    signed,
    tensors,
    unary,
)

wide = partial(tensors, low=-30, high=30)
positive = st.sampled_from((0.1, 0.7, 1, 1.5))


@st.composite
def with_numbers(draw: Draw, op: str, *attributes: Any) -> Case:
    """Any number of the attributes from the front."""
    given = [draw(attribute) for attribute in attributes]
    return case(op, draw(wide()), *given[: draw(st.integers(0, len(given)))])


@st.composite
def gelu(draw: Draw) -> Case:
    return case("aten.gelu.default", draw(wide()), approximate=draw(st.sampled_from(("none", "tanh"))))


@st.composite
def hardtanh(draw: Draw) -> Case:
    low, high = draw(st.sampled_from(((0, 6), (-1, 1), (-2.5, 0.5), (0.0, 1.0))))
    return case("aten.hardtanh.default", draw(wide()), low, high)


@st.composite
def prelu(draw: Draw, op: str) -> Case:
    shape = list(draw(shapes(2)))
    shape[1] = channels = draw(st.integers(1, 4))
    slopes = draw(st.sampled_from((1, channels)))
    weight = (slopes,) if op == "aten.prelu.default" else (1, slopes, *(1,) * (len(shape) - 2))
    return case(op, X(*shape), W(*weight))


@st.composite
def glu(draw: Draw) -> Case:
    shape = list(draw(shapes()))
    axis = draw(st.integers(0, len(shape) - 1))
    shape[axis] = 2 * draw(st.integers(1, 3))
    return case("aten.glu.default", X(*shape), signed(draw, axis, len(shape)))


@st.composite
def softmax(draw: Draw, op: str, *, private: bool) -> Case:
    x = draw(wide())
    axis = an_axis(draw, len(x.shape))
    if private:
        return case(op, x, axis, False)
    integers = draw(booleans)
    options = {"dtype": DType("float32")} if integers or draw(booleans) else {}
    return case(op, X(*x.shape, dtype="int64") if integers else x, axis, **options)


CALLS: Calls = {
    **{
        f"aten.{name}.default": unary(f"aten.{name}.default", low=-30, high=30)
        for name in ("hardsigmoid", "hardswish", "mish", "relu6", "selu")
    },
    "aten.gelu.default": gelu(),
    "aten.hardtanh.default": hardtanh(),
    "aten.leaky_relu.default": with_numbers("aten.leaky_relu.default", positive),
    "aten.elu.default": with_numbers("aten.elu.default", positive, positive, positive),
    "aten.celu.default": with_numbers("aten.celu.default", positive),
    "aten.softplus.default": with_numbers("aten.softplus.default", positive, st.sampled_from((20, 8, 1.5))),
    "aten.prelu.default": prelu("aten.prelu.default"),
    "aten._prelu_kernel.default": prelu("aten._prelu_kernel.default"),
    "aten.glu.default": glu(),
    "aten._softmax.default": softmax("aten._softmax.default", private=True),
    "aten.softmax.int": softmax("aten.softmax.int", private=False),
    "aten._log_softmax.default": softmax("aten._log_softmax.default", private=True),
    "aten.log_softmax.int": softmax("aten.log_softmax.int", private=False),
}
