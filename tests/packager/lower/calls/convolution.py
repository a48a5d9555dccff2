from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.support.one_node import B, Case, S, W, X, case
from tests.support.random_tensors import Calls, Draw, among, booleans


@dataclass(frozen=True)
class Drawn:
    """An image, a filter, perhaps a bias, and how the filter moves over one axis or two."""

    x: X
    weight: X
    bias: X | None
    stride: list[int]
    padding: list[int]
    dilation: list[int]
    groups: int

    @property
    def tensors(self) -> tuple[X, X, X | None]:
        return self.x, self.weight, self.bias


def numbers(draw: Draw, axes: int, least: int, most: int) -> list[int]:
    return [draw(st.integers(least, most)) for _ in range(axes)]


def drawn(draw: Draw, axes: int, *, transposed: bool = False) -> Drawn:
    kernel, dilation = numbers(draw, axes, 1, 3), numbers(draw, axes, 1, 2)
    padding = numbers(draw, axes, 0, 2)
    groups, inside, outside = draw(st.sampled_from((1, 1, 2, 3, 4))), *numbers(draw, 2, 1, 3)
    # Large enough for the widest filter at every sample.
    sizes: list[Any] = [draw(st.integers(5, 9)) for _ in range(axes)]
    if draw(booleans) and all(step * (size - 1) < 4 for step, size in zip(dilation, kernel, strict=True)):
        sizes = [S] * axes
    channels, filters = groups * inside, groups * outside
    shape = (channels, outside, *kernel) if transposed else (filters, inside, *kernel)
    batch = draw(among(B, 2))
    return Drawn(
        X(batch, channels, *sizes),
        W(*shape),
        W(filters) if draw(booleans) else None,
        numbers(draw, axes, 1, 3),
        padding,
        dilation,
        groups,
    )


def output_padding(draw: Draw, call: Drawn) -> list[int]:
    """Less than the stride or the dilation."""
    return [draw(st.integers(0, max(step, gap) - 1)) for step, gap in zip(call.stride, call.dilation, strict=True)]


@st.composite
def convolution(draw: Draw) -> Case:
    axes, transposed = draw(st.integers(1, 2)), draw(booleans)
    call = drawn(draw, axes, transposed=transposed)
    extra = output_padding(draw, call) if transposed else [0] * axes
    how = (call.stride, call.padding, call.dilation, transposed, extra, call.groups)
    return case("aten.convolution.default", *call.tensors, *how)


@st.composite
def conv(draw: Draw, op: str, axes: int) -> Case:
    call = drawn(draw, axes)
    return case(op, *call.tensors, call.stride, call.padding, call.dilation, call.groups)


@st.composite
def conv_padding(draw: Draw, op: str, axes: int) -> Case:
    call = drawn(draw, axes)
    same = draw(booleans)
    stride = [1] * axes if same else call.stride
    return case(op, *call.tensors, stride, "same" if same else "valid", call.dilation, call.groups)


@st.composite
def conv_transpose(draw: Draw, op: str, axes: int) -> Case:
    call = drawn(draw, axes, transposed=True)
    extra = output_padding(draw, call)
    return case(op, *call.tensors, call.stride, call.padding, extra, call.groups, call.dilation)


CALLS: Calls = {
    "aten.convolution.default": convolution(),
    "aten.conv1d.default": conv("aten.conv1d.default", 1),
    "aten.conv2d.default": conv("aten.conv2d.default", 2),
    "aten.conv1d.padding": conv_padding("aten.conv1d.padding", 1),
    "aten.conv2d.padding": conv_padding("aten.conv2d.padding", 2),
    "aten.conv_transpose1d.default": conv_transpose("aten.conv_transpose1d.default", 1),
    "aten.conv_transpose2d.input": conv_transpose("aten.conv_transpose2d.input", 2),
}
