"""An exported program to our graph: constants folded, idle nodes left out, sizes named, arguments as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Node as FxNode
from torch.utils._pytree import tree_unflatten

from edge.manifest import TensorSpec
from packager.capture.clean import unchanged
from packager.capture.constants import Constants
from packager.capture.fold import Folder, dependent, is_result
from packager.capture.graph import Dtype, Graph, Node, Ref, Tensor
from packager.capture.spatial import spatial_arguments
from packager.capture.symbols import Symbols, dtype_name, user_inputs
from packager.capture.unexpand import unexpand
from packager.errors import UnsupportedModelError
from packager.tasks.plan import InputPlan

# Where the wrapper keeps the network; names are those of the checkpoint.
WRAPPED = "model."
# Where a tensor lies is not the graph's business.
DROPPED = frozenset({"device", "layout", "memory_format", "pin_memory", "non_blocking"})


@dataclass(frozen=True)
class Converted:
    """The graph; for each node's first output the path of the layer it comes from; the parameters the outputs read."""

    graph: Graph
    layers: dict[str, str]
    parameters: frozenset[str]

    @property
    def operators(self) -> frozenset[str]:
        """The operators that depend on an input."""
        return frozenset(node.op for node in self.graph.nodes)


def convert(
    program: ExportedProgram,
    plan: Sequence[InputPlan],
    constants: Constants,
    held: Mapping[str, torch.Tensor] | None = None,
) -> Converted:
    """Convert a program that returns its outputs by name, with its own values or those that are `held` for it.

    The program's graph is rewritten on the way; it can be converted again, with other values.
    """
    return _Conversion(program, plan, constants, held).run()


class _Conversion:
    def __init__(
        self,
        program: ExportedProgram,
        plan: Sequence[InputPlan],
        constants: Constants,
        held: Mapping[str, torch.Tensor] | None,
    ) -> None:
        self.fx = program.graph
        self.plan = plan
        self.constants = constants
        self.inputs = user_inputs(program)
        self.symbols = Symbols(self.inputs, plan)
        self.folder = Folder(program, held)
        self.live = dependent(program)
        self.outputs = _output_names(program)
        self.public = {node: one.name for node, one in zip(self.inputs, plan, strict=True)}
        self.values: dict[str, Tensor] = {}
        self.keys: dict[str, str] = {}
        self.parameters: set[str] = set()

    def run(self) -> Converted:
        unexpand(self.fx, self.live)
        # Outputs of ours come last, after buffers that the network would update.
        results = [self._origin(one) for one in list(self.fx.output_node().args[0])[-len(self.outputs) :]]
        self.values = {one.name: Tensor(one.dtype, one.spec.shape) for one in self.plan}
        needed = self._needed(results)
        nodes, layers = [], {}
        for fx_node in self.fx.nodes:
            if fx_node in needed:
                node = self._emit(fx_node)
                nodes.append(node)
                layers[node.outputs[0]] = _layer(fx_node)
        refs = [self._argument(one) for one in results]
        specs = tuple(
            TensorSpec(name=name, dtype=self.values[ref.name].dtype, shape=self.values[ref.name].shape)
            for name, ref in zip(self.outputs, refs, strict=True)
        )
        graph = Graph(
            inputs=tuple(one.spec for one in self.plan),
            outputs=specs,
            results=tuple(ref.name for ref in refs),
            constants=self.keys,
            values=self.values,
            nodes=tuple(nodes),
        )
        return Converted(graph, layers, frozenset(self.parameters))

    def _constant(self, node: FxNode) -> torch.Tensor | None:
        if node in self.live:
            return None
        value = self.folder.value(node)
        return value if isinstance(value, torch.Tensor) else None

    def _origin(self, node: FxNode) -> FxNode:
        """The node whose value this one has."""
        while node in self.live:
            source = unchanged(node, self._constant)
            if source is None:
                return node
            node = source
        return node

    def _is_computed(self, node: FxNode) -> bool:
        """Whether the node stays an operator."""
        return node.op == "call_function" and (node in self.live or not self.folder.is_stored(node))

    def _needed(self, results: Sequence[FxNode]) -> set[FxNode]:
        needed: set[FxNode] = set()
        waiting = list(results)
        while waiting:
            node = self._origin(waiting.pop())
            if is_result(node) and self._is_computed(node):
                waiting.append(node.args[0])  # type: ignore[arg-type]
            elif node not in needed and self._is_computed(node):
                needed.add(node)
                waiting.extend(node.all_input_nodes)
        return needed

    def _emit(self, fx_node: FxNode) -> Node:
        value = fx_node.meta["val"] if fx_node in self.live else self.folder.value(fx_node)
        several = isinstance(value, list | tuple)
        names = tuple(f"{fx_node.name}.{at}" for at in range(len(value))) if several else (fx_node.name,)
        for name, one in zip(names, value if several else (value,), strict=True):
            self.values[name] = self.symbols.describe(one)
        op = _operator_name(fx_node)
        args = spatial_arguments(op, fx_node, [self._argument(one) for one in fx_node.args])
        kwargs = {key: self._argument(one) for key, one in fx_node.kwargs.items() if key not in DROPPED}
        return Node(op, tuple(args), kwargs, names)

    def _argument(self, value: Any) -> Any:
        if isinstance(value, FxNode):
            return self._reference(self._origin(value))
        if isinstance(value, list | tuple):
            return tuple(self._argument(one) for one in value)
        if isinstance(value, torch.dtype):
            return Dtype(dtype_name(value))
        if isinstance(value, torch.device | torch.layout | torch.memory_format):
            return None
        if value is None or isinstance(value, bool | int | float | str):
            return value
        raise UnsupportedModelError(
            f"an operator has an argument of the type {type(value).__name__}", remedy="use another model"
        )

    def _reference(self, node: FxNode) -> Any:
        if node in self.public:
            return Ref(self.public[node])
        if is_result(node) and self._is_computed(node):
            source = self._origin(node.args[0])  # type: ignore[arg-type]
            return Ref(f"{source.name}.{node.args[1]}")
        if self._is_computed(node):
            return Ref(node.name)
        value = self.folder.value(node)
        self.parameters |= {name.removeprefix(WRAPPED) for name in self.folder.names(node)}
        if not isinstance(value, torch.Tensor):
            return value
        name = self.constants.add(value)
        self.keys[name] = name
        self.values[name] = self.symbols.describe(value)
        return Ref(name)


def _output_names(program: ExportedProgram) -> tuple[str, ...]:
    tree: Any = program.call_spec.out_spec
    names: dict[str, int] = tree_unflatten(range(tree.num_leaves), tree)
    return tuple(sorted(names, key=lambda name: names[name]))


def _operator_name(node: FxNode) -> str:
    """`aten.add.Tensor`, `operator.mul`, `math.ceil`, `torch.sym_max`."""
    target: Any = node.target
    if isinstance(target, torch._ops.OpOverload):  # noqa: SLF001 (torch has no other name for it)
        return str(target)
    module = str(target.__module__).removeprefix("_").split(".")[0]
    return f"{module}.{target.__name__}"


def _layer(node: FxNode) -> str:
    stack = node.meta.get("nn_module_stack") or {}
    paths = [str(path) for path, _ in stack.values()]
    return paths[-1].removeprefix("L['self'].").removeprefix(WRAPPED) if paths else ""
