"""Sizes along image axes, one for each axis: torch lets `[0]` stand for `[0, 0]`, engines do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch.fx import Node

# Operator to the positions of its arguments that hold one number per image axis.
SPATIAL: Mapping[str, tuple[int, ...]] = {
    "aten.convolution.default": (3, 4, 5, 7),
    "aten.avg_pool2d.default": (1, 2, 3),
    "aten.max_pool2d.default": (1, 2, 3, 4),
}


def spatial_arguments(op: str, node: Node, args: Sequence[Any]) -> list[Any]:
    """The arguments with every such list at full length."""
    positions = SPATIAL.get(op, ())
    if not positions:
        return list(args)
    axes = node.args[1].meta["val"].dim() - 2 if op == "aten.convolution.default" else 2  # type: ignore[union-attr]
    return [_full(one, axes) if at in positions else one for at, one in enumerate(args)]


def _full(value: Any, axes: int) -> Any:
    return value * axes if isinstance(value, tuple) and len(value) == 1 else value
