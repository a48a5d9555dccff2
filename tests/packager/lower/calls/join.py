from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import B, Case, S, X, case
from tests.support.random_tensors import (
    ANY,
    FLOAT,
    Calls,
    Draw,
    among,
    an_axis,
    axis_sizes,
    booleans,
    numbers,
    shapes,
    signed,
    some_axes,
    tensors,
)


@st.composite
def cat(draw: Draw) -> Case:
    shape = list(draw(shapes()))
    axis = draw(st.integers(0, len(shape) - 1))
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        part = [*shape[:axis], draw(axis_sizes), *shape[axis + 1 :]]
        parts.append(X(*(shape if draw(booleans) else part), dtype=draw(st.sampled_from(ANY))))
    return case("aten.cat.default", parts, signed(draw, axis, len(shape)))


@st.composite
def stack(draw: Draw) -> Case:
    shape = draw(shapes(1, 4))
    parts = [X(*shape, dtype=draw(st.sampled_from(ANY))) for _ in range(draw(st.integers(1, 4)))]
    return case("aten.stack.default", parts, an_axis(draw, len(shape) + 1))


@st.composite
def constant_pad(draw: Draw) -> Case:
    """Some of the last axes; what is cut away leaves one place at least."""
    x = draw(tensors(dtypes=("float32", "float32", "int64", "int32", "bool")))
    pads: list[int] = []
    for size in x.shape[: -1 - draw(st.integers(1, len(x.shape))) : -1]:
        cut = 1 if size == S or (isinstance(size, int) and size > 3) else 0
        pads += [draw(st.integers(-cut, 3)), draw(st.integers(-cut, 3))]
    value = draw(numbers) if x.dtype == "float32" else draw(st.integers(0, 3))
    return case("aten.constant_pad_nd.default", x, pads, *[value] if draw(booleans) else [])


@st.composite
def edges(draw: Draw, op: str, most: int) -> Case:
    size = among(4, 5, S)
    x = X(draw(among(B, 2)), draw(st.integers(1, 3)), draw(size), draw(size))
    return case(op, x, [draw(st.integers(0, most)) for _ in range(4)])


@st.composite
def roll(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    axes = some_axes(draw, len(x.shape))
    return case("aten.roll.default", x, [draw(st.integers(-4, 4)) for _ in axes], axes)


@st.composite
def triangle(draw: Draw, op: str) -> Case:
    x = draw(tensors(2, 5, dtypes=(*FLOAT, "int64", "bool")))
    return case(op, x, *[draw(st.integers(-4, 4))] if draw(booleans) else [])


CALLS: Calls = {
    "aten.cat.default": cat(),
    "aten.stack.default": stack(),
    "aten.constant_pad_nd.default": constant_pad(),
    "aten.reflection_pad2d.default": edges("aten.reflection_pad2d.default", 3),
    "aten.replication_pad2d.default": edges("aten.replication_pad2d.default", 6),
    "aten.roll.default": roll(),
    "aten.tril.default": triangle("aten.tril.default"),
    "aten.triu.default": triangle("aten.triu.default"),
}
