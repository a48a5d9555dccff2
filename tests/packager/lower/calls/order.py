from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import Case, X, case
from tests.support.random_tensors import Calls, Draw, an_axis, booleans, least_size, tensors

# So far apart that hardly two are equal: which of them comes first is open.
FAR = 10**6


def distinct(draw: Draw) -> X:
    return draw(tensors(dtypes=("float32", "float32", "int64", "int32"), low=-FAR, high=FAR))


@st.composite
def place(draw: Draw, op: str) -> Case:
    x = distinct(draw)
    axis = draw(st.sampled_from((None, an_axis(draw, len(x.shape)))))
    return case(op, x, axis, draw(booleans) and axis is not None)


@st.composite
def extreme(draw: Draw, op: str) -> Case:
    x = distinct(draw)
    return case(op, x, an_axis(draw, len(x.shape)), draw(booleans))


@st.composite
def topk(draw: Draw) -> Case:
    x = distinct(draw)
    axis = an_axis(draw, len(x.shape))
    count = draw(st.integers(1, least_size(x.shape[axis])))
    return case("aten.topk.default", x, count, axis, draw(booleans))


@st.composite
def ordered(draw: Draw, op: str) -> Case:
    x = distinct(draw)
    return case(op, x, an_axis(draw, len(x.shape)), draw(booleans))


CALLS: Calls = {
    "aten.argmax.default": place("aten.argmax.default"),
    "aten.argmin.default": place("aten.argmin.default"),
    "aten.max.dim": extreme("aten.max.dim"),
    "aten.min.dim": extreme("aten.min.dim"),
    "aten.topk.default": topk(),
    "aten.sort.default": ordered("aten.sort.default"),
    "aten.argsort.default": ordered("aten.argsort.default"),
}
