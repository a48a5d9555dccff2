from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from edge.manifest import Dimension
from tests.support.one_node import Case, S, Size, X, case
from tests.support.random_tensors import (
    ANY,
    Calls,
    Draw,
    a_fixed_axis,
    an_axis,
    booleans,
    least_size,
    shapes,
    signed,
    tensors,
)

OPEN = 2**63 - 1


def a_range(draw: Draw, size: Dimension) -> tuple[int | None, int | None]:
    """Bounds with something between them at every sample, some left open or beyond the end where that is the same."""
    least = least_size(size)
    first = draw(st.integers(0, least - 1))
    last = draw(st.integers(first + 1, least))
    from_back = isinstance(size, int)
    start = draw(st.sampled_from((first, first - least) if from_back else (first,)))
    closed = (last, last - least) if from_back and last < least else (last,)
    ends: tuple[int | None, ...] = closed if isinstance(size, int) and last < least else (*closed, OPEN, None)
    return (None if start == 0 and draw(booleans) else start), draw(st.sampled_from(ends))


def with_axis(draw: Draw) -> tuple[X, int]:
    x = draw(tensors(dtypes=ANY))
    return x, draw(st.integers(0, len(x.shape) - 1))


@st.composite
def cut(draw: Draw) -> Case:
    x, axis = with_axis(draw)
    start, end = a_range(draw, x.shape[axis])
    step = [draw(st.integers(1, 3))] if draw(booleans) else []
    return case("aten.slice.Tensor", x, signed(draw, axis, len(x.shape)), start, end, *step)


@st.composite
def cut_at_run_time(draw: Draw) -> Case:
    """A table, longer than any sequence that is tried, cut to the length of one."""
    x = X(2100, *draw(shapes(0, 1, symbolic=False)), dtype=draw(st.sampled_from(ANY)))
    return case("aten.slice.Tensor", x, 0, draw(st.integers(0, 2)), Size(S)).of(X(S))


@st.composite
def select(draw: Draw) -> Case:
    x, axis = with_axis(draw)
    least = least_size(x.shape[axis])
    return case("aten.select.int", x, signed(draw, axis, len(x.shape)), draw(st.integers(-least, least - 1)))


@st.composite
def narrow(draw: Draw) -> Case:
    x, axis = with_axis(draw)
    least = least_size(x.shape[axis])
    start = draw(st.integers(0, least - 1))
    return case("aten.narrow.default", x, axis, start, draw(st.integers(1, least - start)))


def fixed(draw: Draw) -> tuple[X, int]:
    """A tensor and an axis whose size is known."""
    shape = list(draw(shapes()))
    axis = draw(st.integers(0, len(shape) - 1))
    shape[axis] = draw(st.integers(1, 6))
    return X(*shape, dtype=draw(st.sampled_from(ANY))), axis


@st.composite
def split(draw: Draw, op: str) -> Case:
    x, axis = fixed(draw)
    size = least_size(x.shape[axis])
    cuts: Any = draw(st.integers(1, size))
    if op == "aten.split_with_sizes.default":
        places = sorted(draw(st.sets(st.integers(1, size - 1)))) if size > 1 else []
        cuts = [end - start for start, end in zip([0, *places], [*places, size], strict=True)]
    return case(op, x, cuts, signed(draw, axis, len(x.shape)))


@st.composite
def unbind(draw: Draw) -> Case:
    x, axis = fixed(draw)
    return case("aten.unbind.int", x, signed(draw, axis, len(x.shape)))


@st.composite
def slice_scatter(draw: Draw) -> Case:
    x, axis = fixed(draw)
    size = least_size(x.shape[axis])
    start, end = a_range(draw, size)
    length = len(range(size)[slice(start, end)])
    source = X(*x.shape[:axis], length, *x.shape[axis + 1 :], dtype=x.dtype)
    return case("aten.slice_scatter.default", x, source, signed(draw, axis, len(x.shape)), start, end)


@st.composite
def select_scatter(draw: Draw) -> Case:
    x = draw(tensors(2, 5, dtypes=ANY))
    if all(isinstance(size, str) for size in x.shape):
        x = X(*x.shape, 3, dtype=x.dtype)
    axis = a_fixed_axis(draw, x.shape)
    source = X(*x.shape[:axis], *x.shape[axis + 1 :], dtype=x.dtype)
    size = least_size(x.shape[axis])
    return case("aten.select_scatter.default", x, source, signed(draw, axis, len(x.shape)), an_axis(draw, size))


CALLS: Calls = {
    "aten.slice.Tensor": st.one_of(cut(), cut_at_run_time()),
    "aten.select.int": select(),
    "aten.narrow.default": narrow(),
    "aten.split.Tensor": split("aten.split.Tensor"),
    "aten.split_with_sizes.default": split("aten.split_with_sizes.default"),
    "aten.chunk.default": split("aten.chunk.default"),
    "aten.unbind.int": unbind(),
    "aten.slice_scatter.default": slice_scatter(),
    "aten.select_scatter.default": select_scatter(),
}
