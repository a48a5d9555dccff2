"""Nodes that give back what they were given: a copy, a view of the same shape, an addition of nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.fx import Node

from packager.capture.symbols import dtype_name

aten = torch.ops.aten
Constant = Callable[[Node], torch.Tensor | None]
"""The value of a node that depends on no input, or None."""

COPIES = frozenset(
    {
        aten.alias.default,
        aten.clone.default,
        aten.contiguous.default,
        aten.detach.default,
        aten.detach_.default,
        aten.lift_fresh_copy.default,
    }
)
# Equal shapes before and after mean equal values.
VIEWS = frozenset(
    {
        aten.view.default,
        aten._unsafe_view.default,  # noqa: SLF001 (its name)
        aten.reshape.default,
        aten.expand.default,
        aten.squeeze.dims,
        aten.squeeze.dim,
    }
)
# With this second argument the result is the first.
NEUTRAL: Mapping[Any, int] = {
    aten.add.Tensor: 0,
    aten.sub.Tensor: 0,
    aten.mul.Tensor: 1,
    aten.div.Tensor: 1,
}


def unchanged(node: Node, constant: Constant) -> Node | None:
    """The argument that the node's value is equal to, or None where it computes something."""
    if node.op != "call_function" or not node.args or not isinstance(node.args[0], Node):
        return None
    first: Node = node.args[0]
    if node.target in COPIES:
        return first
    if node.target in NEUTRAL:
        return _neutral(node, NEUTRAL[node.target], constant)
    same = (
        (node.target is aten._to_copy.default and _dtype(node) == _dtype(first))  # noqa: SLF001
        or (node.target in VIEWS and _shape(node) == _shape(first))
        or (node.target is aten.slice.Tensor and _shape(node) == _shape(first) and _step(node) == 1)
        or (node.target is aten.permute.default and list(node.args[1]) == list(range(len(_shape(first)))))  # type: ignore[arg-type]
        or (node.target is aten.constant_pad_nd.default and not any(node.args[1]))  # type: ignore[arg-type]
    )
    return first if same else None


def _neutral(node: Node, neutral: int, constant: Constant) -> Node | None:
    if len(node.args) != 2:
        return None
    pairs = [(node.args[0], node.args[1])]
    if node.target in (aten.add.Tensor, aten.mul.Tensor) and "alpha" not in node.kwargs:
        pairs.append((node.args[1], node.args[0]))
    for kept, other in pairs:
        if isinstance(kept, Node) and _is_same_kind(node, kept) and _is_all(other, neutral, constant):
            return kept
    return None


def _is_same_kind(one: Node, other: Node) -> bool:
    return (_shape(one), _dtype(one)) == (_shape(other), _dtype(other))


def _is_all(value: Any, number: int, constant: Constant) -> bool:
    if isinstance(value, Node):
        tensor = constant(value)
        return isinstance(tensor, torch.Tensor) and not tensor.is_meta and bool((tensor == number).all())
    return isinstance(value, int | float) and not isinstance(value, bool) and value == number


def _step(node: Node) -> Any:
    return node.args[4] if len(node.args) > 4 else 1


def _dtype(node: Node) -> str:
    value = node.meta.get("val")
    return dtype_name(value.dtype) if isinstance(value, torch.Tensor) else ""


def _shape(node: Node) -> tuple[str, ...]:
    value = node.meta.get("val")
    return tuple(str(size) for size in value.shape) if isinstance(value, torch.Tensor) else ("?",)
