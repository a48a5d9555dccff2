"""Shapes and axes that nobody thought of: what the lowerings compute from ranks, axes and bounds, against torch."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.hops import check
from tests.support.one_node import X, case

few = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
sizes = st.integers(1, 4)
shapes = st.lists(sizes, min_size=1, max_size=4).map(tuple)


@st.composite
def broadcastable(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    shape = draw(shapes)

    def smaller() -> tuple[int, ...]:
        return tuple(draw(st.sampled_from((1, size))) for size in shape[draw(st.integers(0, len(shape) - 1)) :])

    return smaller(), smaller()


@st.composite
def shape_and_axes(draw: st.DrawFn) -> tuple[tuple[int, ...], list[int]]:
    shape = draw(shapes)
    rank = len(shape)
    axes = draw(st.lists(st.integers(0, rank - 1), min_size=1, max_size=rank, unique=True))
    return shape, [axis - draw(st.sampled_from((0, rank))) for axis in axes]


@st.composite
def shape_and_range(draw: st.DrawFn) -> tuple[int, int, int, int]:
    size = draw(st.integers(1, 9))
    start = draw(st.integers(-size, size - 1))
    end = draw(st.integers(start % size + 1, size))
    return size, start, draw(st.sampled_from((end, end - size if end < size else end))), draw(st.integers(1, 3))


@few
@given(broadcastable(), st.sampled_from(("aten.sub.Tensor", "aten.lt.Tensor", "aten.maximum.default")))
def test_broadcasting(pair: tuple[tuple[int, ...], tuple[int, ...]], op: str) -> None:
    check(case(op, X(*pair[0]), X(*pair[1])))


@few
@given(broadcastable())
def test_choosing(pair: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    check(case("aten.where.self", X(*pair[0], dtype="bool"), X(*pair[1]), X(*pair[0])))


@few
@given(shape_and_axes(), st.booleans(), st.sampled_from(("aten.sum.dim_IntList", "aten.amax.default")))
def test_reducing(given_axes: tuple[tuple[int, ...], list[int]], keepdim: bool, op: str) -> None:
    shape, axes = given_axes
    check(case(op, X(*shape), axes, keepdim))


@few
@given(shapes.flatmap(lambda shape: st.tuples(st.just(shape), st.permutations(range(len(shape))))))
def test_permuting(given_order: tuple[tuple[int, ...], list[int]]) -> None:
    shape, order = given_order
    check(case("aten.permute.default", X(*shape), order))


@few
@given(shape_and_range())
def test_slicing(given_range: tuple[int, int, int, int]) -> None:
    size, start, end, step = given_range
    check(case("aten.slice.Tensor", X(2, size, 3), 1, start, end, step))


@few
@given(shapes, st.data())
def test_rolling_and_flipping(shape: tuple[int, ...], data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    check(case("aten.roll.default", X(*shape), [data.draw(st.integers(-4, 4))], [axis]))
    check(case("aten.flip.default", X(*shape), [axis]))
