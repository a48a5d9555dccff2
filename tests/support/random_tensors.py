"""Strategies for the tensors and attributes of one ATen call; `tests/packager/lower/calls` is made of them.

Sizes are small numbers, or symbols as captures have them: a batch in front, a sequence behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from edge.manifest import Dimension
from tests.support.one_node import B, Case, S, Size, W, X, case

Shape: TypeAlias = tuple[Dimension, ...]
Draw: TypeAlias = st.DrawFn
Calls: TypeAlias = Mapping[str, SearchStrategy[Case]]
"""How to draw a call of each ATen operator of one family."""

FLOAT = ("float32",)
INTEGERS = ("int64", "int32")
NUMBERS = (*FLOAT, *INTEGERS)
ANY = (*NUMBERS, "bool")
# Of the symbols at every sample and probe; what is cut or indexed along one must fit all of them.
LEAST: Mapping[str, int] = {B: 1, S: 4}

booleans = st.booleans()
axis_sizes = st.integers(1, 5)
nonzero = st.sampled_from((1, 2, 3, -1, 0.5, -1.5))
numbers = st.sampled_from((0, 1, -1, 2, 3, 0.5, -1.5, 1e-3))


def among(*sizes: Dimension) -> SearchStrategy[Dimension]:
    """One of the sizes."""
    return st.sampled_from(sizes)


@st.composite
def shapes(draw: Draw, least: int = 1, most: int = 5, *, symbolic: bool = True) -> Shape:
    """A shape of `least` to `most` axes."""
    shape: list[Dimension] = draw(st.lists(axis_sizes, min_size=least, max_size=most))
    if symbolic and shape and draw(booleans):
        shape[0] = B
    if symbolic and len(shape) > 1 and draw(booleans):
        shape[draw(st.integers(1, len(shape) - 1))] = S
    return tuple(shape)


@st.composite
def tensors(
    draw: Draw, /, least: int = 1, most: int = 5, *, dtypes: Sequence[str] = FLOAT, symbolic: bool = True, **values: Any
) -> X:
    """An input of such a shape and one of the dtypes; `values` say their range."""
    shape = draw(shapes(least, most, symbolic=symbolic))
    return X(*shape, dtype=draw(st.sampled_from(dtypes)), **values)


@st.composite
def broadcastable(draw: Draw, count: int = 2, least: int = 1, most: int = 5) -> tuple[Shape, ...]:
    """Shapes that broadcast to one: each lacks some axes at its front and has 1 on others."""
    shape = draw(shapes(least, most))

    def smaller() -> Shape:
        whole = draw(booleans)
        tail = shape if whole else shape[draw(st.integers(0, len(shape) - 1)) :]
        return tail if whole else tuple(draw(st.sampled_from((size, size, 1))) for size in tail)

    return tuple(smaller() for _ in range(count))


@st.composite
def operands(draw: Draw, /, count: int = 2, *, dtypes: Sequence[str] = NUMBERS, **values: Any) -> tuple[X, ...]:
    """Tensors that broadcast, of any of the dtypes each; the last may be a constant."""
    chosen = draw(broadcastable(count))
    kinds = [draw(st.sampled_from(dtypes)) for _ in chosen]
    fixed = all(isinstance(size, int) for size in chosen[-1]) and draw(st.integers(0, 3)) == 0
    first = [X(*shape, dtype=dtype, **values) for shape, dtype in zip(chosen, kinds, strict=True)]
    return (*first[:-1], W(*chosen[-1], dtype=kinds[-1], **values)) if fixed else tuple(first)


def signed(draw: Draw, axis: int, rank: int) -> int:
    """The axis counted from the front or from the back."""
    return axis - draw(st.sampled_from((0, rank)))


def an_axis(draw: Draw, rank: int) -> int:
    """Any axis, counted either way."""
    return draw(st.integers(-rank, rank - 1))


def some_axes(draw: Draw, rank: int, least: int = 1) -> list[int]:
    """Different axes in any order, each counted either way."""
    chosen = draw(st.lists(st.integers(0, rank - 1), min_size=least, max_size=rank, unique=True))
    return [signed(draw, axis, rank) for axis in chosen]


def a_fixed_axis(draw: Draw, shape: Shape) -> int:
    """An axis of known size; there is one unless every size is a symbol."""
    return draw(st.sampled_from([axis for axis, size in enumerate(shape) if isinstance(size, int)]))


def least_size(size: Dimension) -> int:
    """The smallest that the size will be."""
    return LEAST[size] if isinstance(size, str) else size


def as_argument(size: Dimension) -> int | Size:
    """The size as a call takes it."""
    return Size(size) if isinstance(size, str) else size


@st.composite
def unary(draw: Draw, /, op: str, *, dtypes: Sequence[str] = FLOAT, **values: Any) -> Case:
    """The call of an operator of one tensor without attributes."""
    return case(op, draw(tensors(dtypes=dtypes, **values)))
