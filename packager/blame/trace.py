"""Between the captured graph and a program made of it: which variable holds which value, which nodes became one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from packager.capture.graph import Graph, Node
from packager.lower.program import Program


def observed_values(
    graph: Graph, variables: Mapping[str, str], program: Program, *, reads_bool: bool
) -> dict[str, str]:
    """By variable of the program the value of the graph that it holds; `variables` are the lowering's, by value.

    Where it holds several, the first: the others are the same under another name. Sizes are left out.
    """
    computed = {name for node in graph.nodes for name in node.outputs if graph.values[name].dtype != "symint"}
    found: dict[str, str] = {}
    for value, variable in variables.items():
        var = program.variables.get(variable)
        if var and value in computed and (reads_bool or var.dtype != "bool"):
            found.setdefault(variable, value)
    return found


@dataclass(frozen=True)
class Path:
    """The node that makes a value, the nodes before it that cannot be told apart from it, and the values they read."""

    node: Node
    merged: tuple[Node, ...]
    inputs: tuple[str, ...]


def path_to(graph: Graph, value: str, seen: Collection[str]) -> Path:
    """From the values in `seen`, inputs and constants to `value`."""
    makers = {name: node for node in graph.nodes for name in node.outputs}
    waiting, found = [value], dict[str, Node]()
    inputs: list[str] = []
    while waiting:
        node = makers[waiting.pop()]
        if node.outputs[0] in found:
            continue
        found[node.outputs[0]] = node
        within = [name for name in node.inputs if name in makers and name not in seen]
        waiting += within
        inputs += [name for name in node.inputs if name not in within]
    node, *merged = found.values()
    return Path(node, tuple(merged), tuple(dict.fromkeys(inputs)))
