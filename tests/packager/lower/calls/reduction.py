from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from hypothesis import strategies as st

from tests.support.one_node import Case, DType, X, case
from tests.support.random_tensors import (
    ANY,
    FLOAT,
    NUMBERS,
    Calls,
    Draw,
    an_axis,
    booleans,
    some_axes,
    tensors,
    unary,
)


@st.composite
def over_axes(draw: Draw, op: str, dtypes: Sequence[str] = FLOAT, *, least: int = 1) -> Case:
    x = draw(tensors(dtypes=dtypes))
    return case(op, x, some_axes(draw, len(x.shape), least), *[draw(booleans)] if draw(booleans) else [])


@st.composite
def over_axis(draw: Draw, op: str, dtypes: Sequence[str] = FLOAT) -> Case:
    x = draw(tensors(dtypes=dtypes))
    return case(op, x, an_axis(draw, len(x.shape)), draw(booleans))


@st.composite
def in_dtype(draw: Draw, op: str, *, whole: bool) -> Case:
    """A mean or sum; integers are averaged as float32."""
    x = draw(tensors(dtypes=ANY))
    dtype = {"dtype": DType("float32")} if "mean" in op and x.dtype != "float32" else {}
    if whole:
        return case(op, x, **dtype)
    axes = draw(st.one_of(st.none(), st.just(some_axes(draw, len(x.shape)))))
    return case(op, x, axes, draw(booleans), **dtype)


@st.composite
def spread(draw: Draw, op: str) -> Case:
    x = draw(tensors(1, 5))
    axes = [axis for axis, size in enumerate(x.shape) if isinstance(size, int) and size > 1]
    # A variance needs an axis with more than one element, and one whose size is known.
    x, axes = (x, axes) if axes else (X(*x.shape, 4), [len(x.shape)])
    chosen = draw(st.lists(st.sampled_from(axes), min_size=1, unique=True))
    dims = [axis - draw(st.sampled_from((0, len(x.shape)))) for axis in chosen]
    options: dict[str, Any] = {"keepdim": draw(booleans)} if draw(booleans) else {}
    if draw(booleans):
        options["correction"] = draw(st.sampled_from((0, 1, 0.5)))
    return case(op, x, dims, **options)


@st.composite
def norm(draw: Draw, op: str) -> Case:
    x = draw(tensors())
    axes = some_axes(draw, len(x.shape))
    return case(op, x, draw(st.sampled_from((2, 1, inf, 2.0))), axes, draw(booleans))


@st.composite
def running_sum(draw: Draw) -> Case:
    x = draw(tensors(dtypes=ANY))
    return case("aten.cumsum.default", x, an_axis(draw, len(x.shape)))


CALLS: Calls = {
    "aten.mean.dim": in_dtype("aten.mean.dim", whole=False),
    "aten.mean.default": in_dtype("aten.mean.default", whole=True),
    "aten.sum.dim_IntList": in_dtype("aten.sum.dim_IntList", whole=False),
    "aten.sum.default": in_dtype("aten.sum.default", whole=True),
    "aten.prod.dim_int": over_axis("aten.prod.dim_int"),
    "aten.prod.default": unary("aten.prod.default"),
    "aten.amax.default": over_axes("aten.amax.default", NUMBERS, least=0),
    "aten.amin.default": over_axes("aten.amin.default", NUMBERS, least=0),
    "aten.max.default": unary("aten.max.default", dtypes=NUMBERS),
    "aten.min.default": unary("aten.min.default", dtypes=NUMBERS),
    **{
        op: draw
        for name in ("aten.any", "aten.all")
        for op, draw in (
            (f"{name}.dim", over_axis(f"{name}.dim", ANY)),
            (f"{name}.dims", over_axes(f"{name}.dims", ANY)),
            (f"{name}.default", unary(f"{name}.default", dtypes=ANY)),
        )
    },
    **{op: spread(op) for op in ("aten.var.correction", "aten.std.correction", "aten.var_mean.correction")},
    "aten.linalg_vector_norm.default": norm("aten.linalg_vector_norm.default"),
    "aten.norm.ScalarOpt_dim": norm("aten.norm.ScalarOpt_dim"),
    "aten.logsumexp.default": over_axes("aten.logsumexp.default"),
    "aten.cumsum.default": running_sum(),
}
