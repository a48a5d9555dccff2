from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import B, Case, S, W, X, case
from tests.support.random_tensors import Calls, Draw, Shape, among, booleans, shapes

# Not what torch divides by when a variance is 0: float32 shows nothing of it beside small numbers.
epsilons = st.sampled_from((1e-5, 1e-3, 1e-6))


def images(draw: Draw, channels: int, least: int, most: int) -> X:
    """[N, C, …], with more than one place: the variance of one is 0."""
    lead = (draw(among(B, 2)), channels)
    size = among(2, 5, S)
    return X(*lead, *(draw(size) for _ in range(draw(st.integers(least, most)))))


def parameter(draw: Draw, *shape: int) -> W | None:
    return W(*shape) if draw(booleans) else None


@st.composite
def by_statistics(draw: Draw, op: str, *, functional: bool) -> Case:
    channels = draw(st.integers(1, 5))
    tensors = (parameter(draw, channels), parameter(draw, channels), W(channels), W(channels, low=0.5, high=2))
    x = images(draw, channels, 0, 3)
    if functional:
        return case(op, x, *tensors, False, 0.1, draw(epsilons), False)
    return case(op, x, *tensors, 0.1, draw(epsilons)).only(0)


@st.composite
def layer_norm(draw: Draw, op: str, *, native: bool) -> Case:
    lead: Shape = draw(shapes(0 if native else 1, 3))
    normal = draw(st.lists(st.integers(2, 4), min_size=1, max_size=2))
    parameters = [parameter(draw, *normal), parameter(draw, *normal)]
    call = case(op, X(*lead, *normal), normal, *parameters, draw(epsilons))
    return call.only(0) if native else call


@st.composite
def group_norm(draw: Draw) -> Case:
    groups = draw(st.integers(1, 3))
    channels = groups * draw(st.integers(2, 3))
    tensors = (parameter(draw, channels), parameter(draw, channels))
    return case("aten.group_norm.default", images(draw, channels, 0, 2), groups, *tensors, draw(epsilons))


@st.composite
def native_group_norm(draw: Draw) -> Case:
    groups, batch, sizes = draw(st.integers(1, 3)), 2, draw(st.lists(st.integers(2, 4), min_size=1, max_size=2))
    channels, places = groups * 2, 1
    for size in sizes:
        places *= size
    tensors = (parameter(draw, channels), parameter(draw, channels))
    numbers = (batch, channels, places, groups, draw(epsilons))
    return case("aten.native_group_norm.default", X(batch, channels, *sizes), *tensors, *numbers).only(0)


@st.composite
def instance_norm(draw: Draw) -> Case:
    channels, own = draw(st.integers(1, 5)), draw(booleans)
    both = draw(booleans)
    affine = (W(channels), W(channels)) if both else (None, None)
    statistics = (None, None) if own else (W(channels), W(channels, low=0.5, high=2))
    x = images(draw, channels, 1, 2)
    return case("aten.instance_norm.default", x, *affine, *statistics, own, 0.1, draw(epsilons), False)


CALLS: Calls = {
    "aten._native_batch_norm_legit_no_training.default": by_statistics(
        "aten._native_batch_norm_legit_no_training.default", functional=False
    ),
    "aten.batch_norm.default": by_statistics("aten.batch_norm.default", functional=True),
    "aten.layer_norm.default": layer_norm("aten.layer_norm.default", native=False),
    "aten.native_layer_norm.default": layer_norm("aten.native_layer_norm.default", native=True),
    "aten.group_norm.default": group_norm(),
    "aten.native_group_norm.default": native_group_norm(),
    "aten.instance_norm.default": instance_norm(),
}
