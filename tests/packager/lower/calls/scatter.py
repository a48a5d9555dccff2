from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import Case, W, X, case
from tests.support.random_tensors import Calls, Draw, booleans, shapes

DTYPES = st.sampled_from(("float32", "int64", "int32"))


@st.composite
def at_one_axis(draw: Draw) -> Case:
    """Places of one axis, each once unless values are added up at run time."""
    size = draw(st.integers(1, 6))
    known, accumulate = draw(booleans), draw(booleans)
    count = draw(st.integers(1, size))
    rows = draw(st.permutations(range(size)))[:count]
    before = draw(shapes(0, 1)) if known else ()
    after = draw(shapes(0, 2, symbolic=False))
    if known:
        rows = [row - draw(st.sampled_from((0, size))) for row in rows]
    elif accumulate:
        rows = [draw(st.integers(0, size - 1)) for _ in rows]
    dtype = draw(DTYPES) if known else "float32"
    index = (W if known else X)(values=rows, dtype="int64")
    values = X(*draw(st.sampled_from(((*before, count, *after), (1,)))) if not before else (*before, count, *after),
               dtype=dtype)  # fmt: skip
    return case(
        "aten.index_put.default",
        X(*before, size, *after, dtype=dtype),
        [*[None] * len(before), index],
        values,
        accumulate,
    )


@st.composite
def at_two_axes(draw: Draw) -> Case:
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = draw(st.lists(st.integers(0, height * width - 1), min_size=1, max_size=5, unique=True))
    kind = draw(st.sampled_from((W, X)))
    indices = [kind(values=[cell // width for cell in cells], dtype="int64"),
               kind(values=[cell % width for cell in cells], dtype="int64")]  # fmt: skip
    rest = draw(shapes(0, 1, symbolic=False))
    return case("aten.index_put.default", X(height, width, *rest), indices, X(len(cells), *rest), draw(booleans))


@st.composite
def at_mask(draw: Draw) -> Case:
    shape = draw(shapes(1, 4))
    over = shape[: draw(st.integers(1, len(shape)))]
    dtype = draw(DTYPES)
    value = W(values=draw(st.sampled_from((2, -1, 0))), dtype=dtype)
    return case("aten.index_put.default", X(*shape, dtype=dtype), [X(*over, dtype="bool")], value)


@st.composite
def scatter_reduce(draw: Draw) -> Case:
    size, count = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    index = X(count, dtype="int64", low=0, high=size - 1)
    how = draw(st.sampled_from(("amin", "amax", "sum")))
    own = draw(booleans) if how == "sum" else False
    return case("aten.scatter_reduce.two", X(size), 0, index, X(count), how, include_self=own)


CALLS: Calls = {
    "aten.index_put.default": st.one_of(at_one_axis(), at_two_axes(), at_mask()),
    "aten.scatter_reduce.two": scatter_reduce(),
}
