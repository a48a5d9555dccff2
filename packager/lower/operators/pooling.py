"""Pooling over one and two axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.lower.builder import Builder
from packager.lower.planar import lifted, lifted_result, lowered, spread
from packager.lower.program import Var
from packager.lower.registry import Lower, lowers

Numbers = int | Sequence[int]
EMITS = ("pool2d", "squeeze2", "unsqueeze2")


def pool(b: Builder, image: Var, kind: str, **changes: Any) -> Var:
    """`pool2d` over [N, C, H, W]; `changes` are the attributes that matter, the others are neutral."""
    attrs = {
        "pooling_type": kind,
        "ksize": (1, 1),
        "strides": (1, 1),
        "paddings": (0, 0),
        "global_pooling": False,
        "adaptive": False,
        "ceil_mode": False,
        "exclusive": True,
        "padding_algorithm": "EXPLICIT",
        "data_format": "NCHW",
    }
    return b.emit("pool2d", {"X": image}, attrs | changes, shape=lifted_result(b))


def windowed(
    b: Builder,
    axes: int,
    x: Var,
    kind: str,
    kernel: Numbers,
    stride: Numbers | None,
    padding: Numbers,
    *,
    ceil_mode: bool,
    count_padding: bool = False,
) -> Var:
    """Pooling with a moving window; ATen leaves the stride empty where it is the kernel."""
    image = lifted(b, x, axes)
    ksize, strides = (
        (1,) * (2 - axes) + spread(size, axes) for size in (kernel, kernel if stride in (None, [], ()) else stride or 1)
    )
    paddings = (0,) * (2 - axes) + spread(padding, axes)
    rows = lifted_result(b)
    if not any(paddings) and rows[2:] == (1, 1) and _covers(ksize, image):
        return lowered(b, pool(b, image, kind, global_pooling=True))
    # In steps of one pixel every window is whole, so nothing is rounded.
    ceil_mode = ceil_mode and any(step > 1 for step in strides)
    if ceil_mode:
        _check_ceil(b, image, ksize, strides, paddings, count_padding=count_padding)
    attrs = {"ksize": ksize, "strides": strides, "paddings": paddings, "ceil_mode": ceil_mode}
    return lowered(b, pool(b, image, kind, exclusive=not (count_padding and any(paddings)), **attrs))


def _covers(ksize: Sequence[int], image: Var) -> bool:
    return all(isinstance(size, int) and size <= window for size, window in zip(image.shape[2:], ksize, strict=True))


def _check_ceil(
    b: Builder,
    image: Var,
    ksize: Sequence[int],
    strides: Sequence[int],
    paddings: Sequence[int],
    *,
    count_padding: bool,
) -> None:
    """Refuse a last window that torch drops, for it starts in the padding, or whose padding torch counts otherwise."""
    result = lifted_result(b)[2:]
    for size, cells, window, step, pad in zip(image.shape[2:], result, ksize, strides, paddings, strict=True):
        if not isinstance(size, int):
            raise ValueError("ceil_mode needs a fixed image size")
        rest = (size + 2 * pad - window) % step
        if cells != -(-(size + 2 * pad - window) // step) + 1 or (rest and pad and count_padding):
            raise ValueError("this combination of ceil_mode and padding is not supported")


def max_pool(axes: int) -> Lower:
    """The lowering of max pooling over this many axes."""

    def lower(
        b: Builder,
        x: Var,
        kernel_size: Numbers,
        stride: Numbers | None = None,
        padding: Numbers = 0,
        dilation: Numbers = 1,
        ceil_mode: bool = False,
    ) -> Var:
        if any(step != 1 for step in spread(dilation, axes)):
            raise ValueError("dilated pooling is not supported")
        return windowed(b, axes, x, "max", kernel_size, stride, padding, ceil_mode=ceil_mode)

    return lower


# aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1,
#                  bool ceil_mode=False) -> Tensor, max_pool1d likewise
lowers("aten.max_pool1d.default", emits=EMITS)(max_pool(1))
lowers("aten.max_pool2d.default", emits=("pool2d",))(max_pool(2))


# aten::max_pool2d_with_indices(...) -> (Tensor, Tensor)    the indices have no lowering; inference does not read them
@lowers("aten.max_pool2d_with_indices.default", emits=("pool2d",))
def max_pool_with_indices(b: Builder, *arguments: Any, **options: Any) -> tuple[Var, None]:
    return max_pool(2)(b, *arguments, **options), None


def avg_pool(axes: int) -> Lower:
    """The lowering of average pooling over this many axes."""

    def lower(
        b: Builder,
        x: Var,
        kernel_size: Numbers,
        stride: Numbers | None = None,
        padding: Numbers = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Var:
        if divisor_override is not None:
            raise ValueError("divisor_override is not supported")
        options = {"ceil_mode": ceil_mode, "count_padding": count_include_pad}
        return windowed(b, axes, x, "avg", kernel_size, stride, padding, **options)

    return lower


# aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False,
#                  bool count_include_pad=True, int? divisor_override=None) -> Tensor, avg_pool1d likewise
lowers("aten.avg_pool1d.default", emits=EMITS)(avg_pool(1))
lowers("aten.avg_pool2d.default", emits=("pool2d",))(avg_pool(2))


def adaptive(axes: int, kind: str) -> Lower:
    """The lowering of adaptive pooling: one cell is global pooling, cells of equal size are ordinary pooling."""

    def lower(b: Builder, x: Var, output_size: Numbers) -> Var:
        image = lifted(b, x, axes)
        cells = (1,) * (2 - axes) + spread(output_size, axes)
        if cells == (1, 1):
            return lowered(b, pool(b, image, kind, global_pooling=True))
        height, width = image.shape[2:]
        if not isinstance(height, int) or not isinstance(width, int):
            raise ValueError("adaptive pooling to more than one cell needs a fixed image size")
        if height % cells[0] == 0 and width % cells[1] == 0:
            size = (height // cells[0], width // cells[1])
            return lowered(b, pool(b, image, kind, ksize=size, strides=size))
        if kind == "max":
            raise ValueError(f"cells of unequal size ({height}x{width} to {cells[0]}x{cells[1]}) are not supported")
        return lowered(b, _averaged(b, image, height, width, cells))

    return lower


# aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor, adaptive_avg_pool1d likewise
lowers("aten.adaptive_avg_pool1d.default", emits=(*EMITS, "matmul_v2"))(adaptive(1, "avg"))
lowers("aten.adaptive_avg_pool2d.default", "aten._adaptive_avg_pool2d.default", emits=("matmul_v2", "pool2d"))(
    adaptive(2, "avg")
)


# aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor), adaptive_max_pool1d likewise
@lowers("aten.adaptive_max_pool1d.default", emits=EMITS)
def adaptive_max_pool1d(b: Builder, x: Var, output_size: Numbers) -> tuple[Var, None]:
    return adaptive(1, "max")(b, x, output_size), None


@lowers("aten.adaptive_max_pool2d.default", emits=("pool2d",))
def adaptive_max_pool2d(b: Builder, x: Var, output_size: Numbers) -> tuple[Var, None]:
    return adaptive(2, "max")(b, x, output_size), None


def _averaged(b: Builder, image: Var, height: int, width: int, cells: tuple[int, ...]) -> Var:
    """Cells of unequal size: a product with a matrix of averages on either side."""
    attrs = {"trans_x": False, "trans_y": False}
    shape = lifted_result(b)
    columns = b.constant(averages(width, cells[1]).T)
    narrow = b.emit("matmul_v2", {"X": image, "Y": columns}, attrs, shape=(*image.shape[:3], cells[1]))
    return b.emit("matmul_v2", {"X": b.constant(averages(height, cells[0])), "Y": narrow}, attrs, shape=shape)


def averages(size: int, cells: int) -> NDArray[np.float32]:
    """The [cells, size] matrix whose rows average the ranges that torch's adaptive pooling uses."""
    matrix = np.zeros((cells, size), "float32")
    for cell in range(cells):
        start, end = cell * size // cells, -(-(cell + 1) * size // cells)
        matrix[cell, start:end] = 1 / (end - start)
    return matrix
