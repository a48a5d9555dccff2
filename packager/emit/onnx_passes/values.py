"""Renaming, replacing and dropping inside a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from onnx import GraphProto, NodeProto


def rename_inputs(graph: GraphProto, names: Mapping[str, str]) -> None:
    """Let every node read other values."""
    for node in graph.node:
        for place, name in enumerate(node.input):
            if names.get(name, name) != name:
                node.input[place] = names[name]


def drop(items: Any, condition: Callable[[Any], bool]) -> None:
    """Delete items of a repeated field by their place: protobuf's `remove` would compare weights byte by byte."""
    for place in reversed(range(len(items))):
        if condition(items[place]):
            del items[place]


def drop_unread(graph: GraphProto) -> None:
    """Take out the initializers that no node reads any more, and that are no output."""
    read = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
    drop(graph.initializer, lambda tensor: tensor.name not in read)


def replace_nodes(graph: GraphProto, made: Mapping[str, Sequence[NodeProto]]) -> None:
    """Put new nodes in the places of those that made these values, and drop what only the old ones read."""
    nodes = [new for node in graph.node for new in made.get(node.output[0], [node])]
    wanted = {output.name for output in graph.output}
    kept: list[NodeProto] = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    drop(graph.initializer, lambda tensor: tensor.name not in wanted)
