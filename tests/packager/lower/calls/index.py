from __future__ import annotations

from hypothesis import strategies as st

from edge.manifest import Dimension
from tests.support.one_node import Case, W, X, case
from tests.support.random_tensors import (
    ANY,
    Calls,
    Draw,
    booleans,
    broadcastable,
    least_size,
    shapes,
    signed,
    some_axes,
    tensors,
)


def places(draw: Draw, size: Dimension, *shape: Dimension, dtypes: tuple[str, ...] = ("int64", "int32")) -> X:
    """Indices into an axis: inputs, or constants, which may count from the end of a known size."""
    least = least_size(size)
    fixed = all(isinstance(length, int) for length in shape) and draw(booleans)
    low = -least if fixed and isinstance(size, int) else 0
    kind = W if fixed else X
    return kind(*shape, dtype=draw(st.sampled_from(dtypes)), low=low, high=least - 1)


@st.composite
def embedding(draw: Draw) -> Case:
    rows, width = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    ids = draw(shapes(1, 3))
    index = X(*ids, dtype=draw(st.sampled_from(("int64", "int32"))), low=0, high=rows - 1)
    padding = [draw(st.integers(-1, rows - 1))] if draw(booleans) else []
    return case("aten.embedding.default", draw(st.sampled_from((W, X)))(rows, width), index, *padding)


@st.composite
def index_select(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    axis = draw(st.integers(0, len(x.shape) - 1))
    size = least_size(x.shape[axis])
    kind, count = draw(st.sampled_from((W, X))), draw(st.integers(1, 4))
    index = kind(count, dtype=draw(st.sampled_from(("int64", "int32"))), low=0, high=size - 1)
    return case("aten.index_select.default", x, signed(draw, axis, len(x.shape)), index)


@st.composite
def flip(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    return case("aten.flip.default", x, some_axes(draw, len(x.shape)))


@st.composite
def gather(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    axis = draw(st.integers(0, len(x.shape) - 1))
    length = draw(st.sampled_from((1, 2, 5)))
    shape = (*x.shape[:axis], length, *x.shape[axis + 1 :])
    index = X(*shape, dtype="int64", low=0, high=least_size(x.shape[axis]) - 1)
    return case("aten.gather.default", x, signed(draw, axis, len(x.shape)), index)


@st.composite
def index_by_tensors(draw: Draw) -> Case:
    """One to three indexed axes, apart or side by side, whose indices broadcast."""
    x = draw(tensors(1, 4, dtypes=ANY))
    axes = sorted({axis % len(x.shape) for axis in some_axes(draw, len(x.shape))})[:3]
    found = draw(broadcastable(len(axes), 1, 2))
    indices: list[X | None] = [None] * (axes[-1] + 1)
    for axis, shape in zip(axes, found, strict=True):
        indices[axis] = places(draw, x.shape[axis], *shape, dtypes=("int64",))
    return case("aten.index.Tensor", x, indices)


@st.composite
def index_by_mask(draw: Draw) -> Case:
    """A mask with one place at least, over one axis or two, known or computed."""
    rank = draw(st.integers(1, 2))
    shape = [draw(st.integers(1, 4)) for _ in range(rank)]
    count = shape[0] if rank == 1 else shape[0] * shape[1]
    flat = draw(st.lists(booleans, min_size=count, max_size=count).filter(any))
    rows = flat if rank == 1 else [flat[row * shape[1] : (row + 1) * shape[1]] for row in range(shape[0])]
    mask = draw(st.sampled_from((W, X)))(values=rows, dtype="bool")
    rest = draw(shapes(0, 2, symbolic=False))
    return case("aten.index.Tensor", X(*shape, *rest, dtype=draw(st.sampled_from(ANY))), [mask])


CALLS: Calls = {
    "aten.embedding.default": embedding(),
    "aten.index_select.default": index_select(),
    "aten.flip.default": flip(),
    "aten.gather.default": gather(),
    "aten.index.Tensor": st.one_of(index_by_tensors(), index_by_mask()),
}
