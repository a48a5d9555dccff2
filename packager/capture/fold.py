"""Values that do not depend on an input: evaluated once, and stored unless that would make data out of nothing."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Node
from torch.fx.node import map_aggregate

# Up to this size a folded value may be larger than what it is made from.
GROWTH_BYTES = 64 * 1024


def dependent(program: ExportedProgram) -> set[Node]:
    """The nodes that depend on an input's values or sizes."""
    inputs = set(program.graph_signature.user_inputs)
    live: set[Node] = set()
    for node in program.graph.nodes:
        if node.name in inputs or any(one in live for one in node.all_input_nodes):
            live.add(node)
    return live


def leaves(
    program: ExportedProgram, held: Mapping[str, torch.Tensor] | None = None
) -> dict[Node, tuple[str, torch.Tensor]]:
    """Placeholder to the parameter, buffer or lifted constant that it stands for: its qualified name and value.

    Values are the program's own unless others are `held` for it.
    """
    signature = program.graph_signature
    names = {
        **signature.inputs_to_parameters,
        **signature.inputs_to_buffers,
        **signature.inputs_to_lifted_tensor_constants,
    }
    values: Mapping[str, Any] = {**program.constants, **program.state_dict} if held is None else held
    placeholders = [node for node in program.graph.nodes if node.op == "placeholder" and node.name in names]
    return {node: (names[node.name], values[names[node.name]].detach()) for node in placeholders}


class Folder:
    """Evaluates nodes that depend on no input, each once, with the program's own values or those `held` on the CPU."""

    def __init__(self, program: ExportedProgram, held: Mapping[str, torch.Tensor] | None = None) -> None:
        self._leaves = leaves(program, held)
        self._moves = held is not None
        self._values: dict[Node, Any] = {node: value for node, (_, value) in self._leaves.items()}
        self._origins: dict[Node, frozenset[Node]] = {node: frozenset([node]) for node in self._leaves}

    def value(self, node: Node) -> Any:
        """The node's value; on the meta device a tensor without data."""
        if node not in self._values:
            arguments, options = map_aggregate((node.args, dict(node.kwargs)), self._filled)
            with torch.no_grad():
                self._values[node] = node.target(*arguments, **options)  # type: ignore[operator]
        return self._values[node]

    def _filled(self, argument: Any) -> Any:
        if isinstance(argument, Node):
            return self.value(argument)
        # Where the trace was on another device than the values are.
        return torch.device("cpu") if self._moves and isinstance(argument, torch.device) else argument

    def is_stored(self, node: Node) -> bool:
        """Whether the value becomes a constant; a large one that grew (expand, arange, repeat) stays an operator."""
        value = self.value(node)
        if not isinstance(value, torch.Tensor):
            return isinstance(value, int | float)
        size = stored_bytes(value)
        return size <= GROWTH_BYTES or size <= sum(stored_bytes(self._values[one]) for one in self.origins(node))

    def origins(self, node: Node) -> frozenset[Node]:
        """The placeholders that the value is made from."""
        if node not in self._origins:
            self._origins[node] = frozenset().union(*(self.origins(one) for one in node.all_input_nodes))
        return self._origins[node]

    def names(self, node: Node) -> frozenset[str]:
        """The qualified names of the parameters and buffers that the value is made from."""
        return frozenset(self._leaves[one][0] for one in self.origins(node))


def stored_bytes(value: Any) -> int:
    """The size in `constants.safetensors`, where every floating point number is float32."""
    if not isinstance(value, torch.Tensor):
        return 0
    return value.numel() * (4 if value.is_floating_point() else value.element_size())


def is_result(node: Node) -> bool:
    """Whether the node only picks one result of an operator with several."""
    return node.target is operator.getitem
