from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import B, Case, S, X, case
from tests.support.random_tensors import Calls, Draw, among, booleans


def image(draw: Draw, axes: int) -> X:
    size = among(4, 5, 6, 8) if draw(st.integers(0, 2)) else among(S)
    return X(draw(among(B, 2)), draw(st.integers(1, 3)), *(draw(size) for _ in range(axes)))


def window(draw: Draw, axes: int) -> tuple[list[int], list[int], list[int]]:
    """Kernel, stride (which may be left empty) and padding of at most half the kernel."""
    kernel = [draw(st.integers(1, 4)) for _ in range(axes)]
    stride = [draw(st.integers(1, 3)) for _ in range(axes)] if draw(booleans) else []
    return kernel, stride, [draw(st.integers(0, size // 2)) for size in kernel]


@st.composite
def max_pool(draw: Draw, op: str, axes: int) -> Case:
    kernel, stride, padding = window(draw, axes)
    dilation = [1] * axes
    call = case(op, image(draw, axes), kernel, stride, padding, dilation, draw(booleans))
    return call.only(0) if op.endswith("with_indices.default") else call


@st.composite
def avg_pool(draw: Draw, op: str, axes: int) -> Case:
    return case(op, image(draw, axes), *window(draw, axes), draw(booleans), draw(booleans))


@st.composite
def adaptive(draw: Draw, op: str, axes: int, kind: str) -> Case:
    call = case(op, image(draw, axes), [draw(st.integers(1, 5)) for _ in range(axes)])
    return call.only(0) if kind == "max" else call


CALLS: Calls = {
    "aten.max_pool1d.default": max_pool("aten.max_pool1d.default", 1),
    "aten.max_pool2d.default": max_pool("aten.max_pool2d.default", 2),
    "aten.max_pool2d_with_indices.default": max_pool("aten.max_pool2d_with_indices.default", 2),
    "aten.avg_pool1d.default": avg_pool("aten.avg_pool1d.default", 1),
    "aten.avg_pool2d.default": avg_pool("aten.avg_pool2d.default", 2),
    "aten.adaptive_avg_pool1d.default": adaptive("aten.adaptive_avg_pool1d.default", 1, "avg"),
    "aten.adaptive_avg_pool2d.default": adaptive("aten.adaptive_avg_pool2d.default", 2, "avg"),
    "aten._adaptive_avg_pool2d.default": adaptive("aten._adaptive_avg_pool2d.default", 2, "avg"),
    "aten.adaptive_max_pool1d.default": adaptive("aten.adaptive_max_pool1d.default", 1, "max"),
    "aten.adaptive_max_pool2d.default": adaptive("aten.adaptive_max_pool2d.default", 2, "max"),
}
