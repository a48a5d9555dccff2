"""Takes back expansions of constants to a symbolic size, which broadcasting does for free.

transformers expands masks to the batch before it uses them. `where(expand(c), a, b)` becomes `expand(where(c, a, b))`,
whose inner part folds; and in `add(scores, expand(c))` the expansion is left out.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.fx import Graph, Node

aten = torch.ops.aten

# Operators over tensors that broadcast; all tensors are among their positional arguments.
BROADCASTING = frozenset(
    {
        aten.add.Tensor,
        aten.sub.Tensor,
        aten.mul.Tensor,
        aten.div.Tensor,
        aten.where.self,
        aten.logical_and.default,
        aten.logical_or.default,
        aten.logical_not.default,
        aten.bitwise_and.Tensor,
        aten.bitwise_or.Tensor,
        aten.bitwise_not.default,
        aten._to_copy.default,  # noqa: SLF001 (its name)
    }
)


def unexpand(graph: Graph, live: set[Node]) -> None:
    """Rewrite the graph; `live` holds the nodes that depend on an input or its size, and is kept up to date."""
    for node in list(graph.nodes):
        if node.target in BROADCASTING and node in live:
            _rewrite(graph, node, live)


def _rewrite(graph: Graph, node: Node, live: set[Node]) -> None:
    tensors = [one for one in node.args if isinstance(one, Node)]
    expanded = [one for one in tensors if _is_expanded_constant(one, live)]
    if not expanded:
        return
    others = [one for one in tensors if one not in expanded and one in live]
    if others:
        if any(_shape(one) == _shape(node) for one in others):
            node.args = tuple(_source(one) if one in expanded else one for one in node.args)
        return
    widest = next((one for one in expanded if _shape(one) == _shape(node)), None)
    if widest is None:
        return
    with graph.inserting_before(node):
        arguments = tuple(_source(one) if one in expanded else one for one in node.args)
        inner = graph.call_function(node.target, arguments, dict(node.kwargs))  # type: ignore[arg-type]
        outer = graph.call_function(aten.expand.default, (inner, widest.args[1]))
    outer.meta = dict(node.meta)
    live.add(outer)
    node.replace_all_uses_with(outer)


def _is_expanded_constant(node: Node, live: set[Node]) -> bool:
    if node.target is not aten.expand.default or node not in live:
        return False
    source, sizes = node.args[0], node.args[1]
    return isinstance(source, Node) and source not in live and len(sizes) == _rank(source)  # type: ignore[arg-type]


def _source(node: Any) -> Node:
    source: Node = node.args[0]
    return source


def _rank(node: Node) -> int:
    # An inner node that was made here has no fake value; the expand around it has one of the same rank.
    value = node.meta.get("val")
    return int((next(iter(node.users)).meta["val"] if value is None else value).dim())


def _shape(node: Node) -> tuple[str, ...]:
    return tuple(str(size) for size in node.meta["val"].shape)
