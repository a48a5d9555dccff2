from __future__ import annotations

from collections.abc import Sequence
from math import prod

from hypothesis import strategies as st

from edge.manifest import Dimension
from tests.support.one_node import Case, DType, Size, X, case
from tests.support.random_tensors import (
    ANY,
    Calls,
    Draw,
    an_axis,
    as_argument,
    booleans,
    broadcastable,
    shapes,
    tensors,
    unary,
)


def divided(draw: Draw, size: int) -> list[int]:
    """Factors of the size."""
    factor = draw(st.sampled_from([n for n in range(1, size + 1) if size % n == 0]))
    return [factor, size // factor]


@st.composite
def view(draw: Draw, op: str) -> Case:
    """Numbers are joined and divided, symbols stay where they are or join a number; one size may be left open."""
    x = draw(tensors(dtypes=ANY))
    size: list[int | Size] = []
    for length in x.shape:
        last = size[-1] if size else None
        if size and isinstance(length, int) and draw(booleans):
            size[-1] = Size(last.symbol, last.times * length) if isinstance(last, Size) else int(last or 1) * length
        elif isinstance(length, int) and draw(booleans):
            size += divided(draw, length)
        else:
            size.append(as_argument(length))
    if draw(booleans):
        size[draw(st.integers(0, len(size) - 1))] = -1
    return case(op, x, size)


@st.composite
def flatten(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    first = draw(st.integers(0, len(x.shape) - 1))
    last = draw(st.integers(first, len(x.shape) - 1))
    rank = len(x.shape)
    return case(
        "aten.flatten.using_ints", x, first - draw(st.sampled_from((0, rank))), last - draw(st.sampled_from((0, rank)))
    )


@st.composite
def unflatten(draw: Draw) -> Case:
    shape = list(draw(shapes()))
    axis = draw(st.integers(0, len(shape) - 1))
    sizes = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(1, 3)))]
    shape[axis] = prod(sizes)
    return case("aten.unflatten.int", X(*shape), axis - draw(st.sampled_from((0, len(shape)))), sizes)


@st.composite
def permute(draw: Draw) -> Case:
    x = draw(tensors(1, 6, dtypes=ANY))
    rank = len(x.shape)
    order = draw(st.permutations(range(rank)))
    return case("aten.permute.default", x, [axis - draw(st.sampled_from((0, rank))) for axis in order])


@st.composite
def transpose(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    return case("aten.transpose.int", x, an_axis(draw, len(x.shape)), an_axis(draw, len(x.shape)))


@st.composite
def unsqueeze(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    return case("aten.unsqueeze.default", x, an_axis(draw, len(x.shape) + 1))


def with_ones(draw: Draw) -> X:
    """Half of the axes have a size of 1; the batch is none of those that could be dropped."""
    shape = tuple(draw(st.sampled_from((1, size))) for size in draw(shapes()))
    return X(*shape, dtype=draw(st.sampled_from(ANY)))


def droppable(shape: Sequence[Dimension]) -> list[int]:
    # A batch of 1 would be dropped by torch and no other batch: an export settles that beforehand.
    return [axis for axis, size in enumerate(shape) if size != "batch"]


@st.composite
def squeeze(draw: Draw) -> Case:
    x = with_ones(draw)
    return case("aten.squeeze.default", X(*(2 if size == "batch" else size for size in x.shape), dtype=x.dtype))


@st.composite
def squeeze_axes(draw: Draw, op: str, *, one: bool) -> Case:
    x = with_ones(draw)
    axes = droppable(x.shape) or [len(x.shape)]
    x = x if droppable(x.shape) else X(*x.shape, 1, dtype=x.dtype)
    rank = len(x.shape)
    chosen = draw(st.lists(st.sampled_from(axes), min_size=1, max_size=1 if one else len(axes), unique=True))
    dims = [axis - draw(st.sampled_from((0, rank))) for axis in chosen]
    return case(op, x, dims[0] if one else dims)


@st.composite
def expand(draw: Draw, op: str) -> Case:
    small, whole = draw(broadcastable())
    whole = whole if len(whole) >= len(small) else small
    added = len(whole) - len(small)
    known = {axis: size for axis, size in enumerate(small, start=added) if size != 1}
    shape = [known.get(axis, size) for axis, size in enumerate(whole)]
    asked = [-1 if axis in known and draw(booleans) else as_argument(size) for axis, size in enumerate(shape)]
    call = case(op, X(*small, dtype=draw(st.sampled_from(ANY))), asked)
    return call.of(X(*shape))


@st.composite
def expand_as(draw: Draw) -> Case:
    small, other = draw(broadcastable())
    rank = max(len(small), len(other))
    pairs = zip((1,) * (rank - len(small)) + small, (1,) * (rank - len(other)) + other, strict=True)
    whole = [b if a == 1 else a for a, b in pairs]
    return case("aten.expand_as.default", X(*small, dtype=draw(st.sampled_from(ANY))), X(*whole))


@st.composite
def repeat(draw: Draw) -> Case:
    x = draw(tensors(1, 4, dtypes=ANY))
    count = len(x.shape) + draw(st.integers(0, 2))
    return case("aten.repeat.default", x, [draw(st.integers(1, 3)) for _ in range(count)])


@st.composite
def converted(draw: Draw, op: str, *, named: bool) -> Case:
    x = draw(tensors(dtypes=ANY, low=-3, high=3))
    dtype = DType(draw(st.sampled_from(ANY)))
    return case(op, x, dtype=dtype) if named else case(op, x, dtype)


@st.composite
def type_as(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    return case("aten.type_as.default", x, X(*x.shape, dtype=draw(st.sampled_from(ANY))))


@st.composite
def copied(draw: Draw) -> Case:
    small, other = draw(broadcastable())
    rank = max(len(small), len(other))
    pairs = zip((1,) * (rank - len(small)) + small, (1,) * (rank - len(other)) + other, strict=True)
    whole = [b if a == 1 else a for a, b in pairs]
    dtypes = st.sampled_from(ANY)
    return case("aten.copy.default", X(*whole, dtype=draw(dtypes)), X(*small, dtype=draw(dtypes)))


@st.composite
def of_two_axes(draw: Draw) -> Case:
    return case("aten.t.default", draw(tensors(1, 2, dtypes=ANY)))


@st.composite
def dropout(draw: Draw) -> Case:
    return case("aten.dropout.default", draw(tensors()), 0.1, False)


SAME = tuple(f"aten.{name}.default" for name in ("alias", "clone", "contiguous", "detach", "lift_fresh_copy"))
CALLS: Calls = {
    **{op: view(op) for op in ("aten.view.default", "aten.reshape.default", "aten._unsafe_view.default")},
    "aten.flatten.using_ints": flatten(),
    "aten.unflatten.int": unflatten(),
    "aten.permute.default": permute(),
    "aten.transpose.int": transpose(),
    "aten.t.default": of_two_axes(),
    "aten.unsqueeze.default": unsqueeze(),
    "aten.squeeze.default": squeeze(),
    "aten.squeeze.dim": squeeze_axes("aten.squeeze.dim", one=True),
    "aten.squeeze.dims": squeeze_axes("aten.squeeze.dims", one=False),
    "aten.expand.default": expand("aten.expand.default"),
    "aten.broadcast_to.default": expand("aten.broadcast_to.default"),
    "aten.expand_as.default": expand_as(),
    "aten.repeat.default": repeat(),
    "aten._to_copy.default": converted("aten._to_copy.default", named=True),
    "aten.to.dtype": converted("aten.to.dtype", named=False),
    "aten.type_as.default": type_as(),
    "aten.copy.default": copied(),
    "aten.dropout.default": dropout(),
    **{op: unary(op, dtypes=ANY) for op in SAME},
}
