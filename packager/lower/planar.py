"""One-dimensional convolution and pooling as two-dimensional ones: [N, C, L] becomes [N, C, 1, L] and back."""

from __future__ import annotations

from collections.abc import Sequence

from edge.manifest import Dimension
from packager.lower.builder import Builder
from packager.lower.program import Var


def spread(value: int | Sequence[int], axes: int) -> tuple[int, ...]:
    """ATen gives one number for all axes, or one for each."""
    values = (value,) if isinstance(value, int) else tuple(value)
    return values * axes if len(values) == 1 else values


def lifted(b: Builder, x: Var, axes: int) -> Var:
    """The input as [N, C, H, W]; raises ValueError for other ranks than `axes` + 2."""
    if axes not in (1, 2):
        raise ValueError(f"{axes} spatial axes are not supported, only 1 and 2")
    if x.rank != axes + 2:
        raise ValueError("an input without a batch axis is not supported")
    return b.unsqueeze(x, (2,)) if axes == 1 else x


def lifted_result(b: Builder) -> tuple[Dimension, ...]:
    """The shape of the node's result as [N, C, H, W]."""
    shape = b.result.shape
    return (*shape[:2], 1, *shape[2:]) if len(shape) == 3 else shape


def lowered(b: Builder, y: Var) -> Var:
    """Back from [N, C, H, W] to the rank of the node's result."""
    return b.squeeze(y, (2,)) if len(b.result.shape) == 3 else y
