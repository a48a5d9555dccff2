"""Renaming and dropping inside a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from onnx import GraphProto


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
