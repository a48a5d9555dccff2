"""Layers that work on each position alone get their positions as the rows of a matrix.

Why: ONNX Runtime adds a bias within the product of two matrices (`Gemm`), but not behind a `MatMul` of more axes, where
an `Add` reads and writes every feature once more. Source: the schema of Gemm in ONNX opset 13.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from onnx import GraphProto, NodeProto, helper, numpy_helper

from packager.emit.onnx_passes.leading import Axes, Leading
from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop, replace_nodes


def positions_to_rows(graph: GraphProto) -> None:
    """Put a `Reshape` around every group of such nodes in which a product has a bias, and make that a `Gemm`."""
    reading = Reading(graph)
    leading = Leading(reading)
    inside = [node for node in graph.node if leading.see(node)]
    rows = _Rows(graph, reading, leading, {name for node in inside for name in node.output})
    groups = [group for group in _groups(inside, reading.weights) if rows.pays(group)]
    group_of: dict[str, Renamed] = {}
    for group in groups:
        group_of |= dict.fromkeys([node.output[0] for node in group], rows.renamed(group))
    for node in inside:  # in the graph's order: shapes are made where they are first needed
        if node.output[0] in group_of:
            rows.rewrite(node, group_of[node.output[0]])
    replace_nodes(graph, rows.made)


def _groups(nodes: Sequence[NodeProto], weights: Collection[str]) -> list[list[NodeProto]]:
    """The nodes that read or make a common value, each group in order."""
    group_of: dict[str, list[int]] = {}
    for place, node in enumerate(nodes):
        names = [name for name in (*node.input, *node.output) if name not in weights]
        joined = [place]
        for other in {id(group_of[name]): group_of[name] for name in names if name in group_of}.values():
            joined += other
        for one in joined:
            group_of |= {name: joined for name in (*nodes[one].input, *nodes[one].output) if name not in weights}
    groups = {id(group): group for group in group_of.values()}.values()
    return [[nodes[place] for place in sorted(group)] for group in groups]


@dataclass(frozen=True)
class Renamed:
    """Of one group: whether its values are matrices already, what it makes, and what its values are called as rows."""

    matrices: bool
    ours: Collection[str]
    names: dict[str, str]


class _Rows:
    """Rewrites groups; `made` are the new nodes by what the old ones made."""

    def __init__(self, graph: GraphProto, reading: Reading, leading: Leading, inside: Collection[str]) -> None:
        self.made: dict[str, list[NodeProto]] = {}
        self._graph = graph
        self._reading = reading
        self._leading = leading
        self._ranks = {one.name: len(one.type.tensor_type.shape.dim) for one in graph.output}
        self._outside = {name for node in graph.node if node.output[0] not in inside for name in node.input}
        self._outside.update(self._ranks)
        self._shapes: set[str] = set()

    def product(self, node: NodeProto) -> NodeProto | None:
        """The product whose bias this node adds, where nothing else reads it."""
        if node.op_type != "Add":
            return None
        for value, bias in (node.input, reversed(node.input)):
            product = self._reading.alone(value, "MatMul")
            if product and self._reading.dims(bias) == self._reading.dims(product.input[1])[1:]:
                return product
        return None

    def pays(self, group: Sequence[NodeProto]) -> bool:
        """Whether a product of the group has a bias, and no size must be asked of what was transposed."""
        fronts = {self._leading.of(name).front for node in group for name in node.output}
        turned = any(isinstance(front, str) and self._leading.turned(front) for front in fronts)
        return not turned and any(self.product(node) for node in group)

    def renamed(self, group: Sequence[NodeProto]) -> Renamed:
        """The names that values of the group have as rows, where others read them as they were."""
        ours = {node.output[0] for node in group}
        matrices = any(self._ranks.get(name) == 2 for name in ours)
        return Renamed(matrices, ours, {} if matrices else {name: f"{name}.rows" for name in ours & self._outside})

    def rewrite(self, node: NodeProto, group: Renamed) -> None:
        """The node on rows, with a Reshape where a value comes in or is read outside."""
        nodes: list[NodeProto] = []
        for name in node.input:
            if not (group.matrices or name in group.ours or name in group.names or name in self._reading.weights):
                group.names[name] = f"{name}.rows"
                shape = self._shape(Axes((-1,), self._leading.of(name).width), nodes)
                nodes.append(helper.make_node("Reshape", [name, shape], [group.names[name]]))
        nodes.append(self._on_rows(node, group.names))
        for name in node.output:
            if name in group.names:
                shape = self._shape(self._leading.of(name), nodes)
                nodes.append(helper.make_node("Reshape", [group.names[name], shape], [name]))
        self.made[node.output[0]] = nodes

    def _on_rows(self, node: NodeProto, renamed: Mapping[str, str]) -> NodeProto:
        product = self.product(node)
        if product:
            (bias,) = (name for name in node.input if name != product.output[0])
            x, weight = product.input
            return helper.make_node(
                "Gemm", [renamed.get(x, x), weight, bias], [renamed.get(name, name) for name in node.output]
            )
        made = NodeProto()
        made.CopyFrom(node)
        for names in (made.input, made.output):
            names[:] = [renamed.get(name, name) for name in names]
        if node.op_type == "LayerNormalization":
            drop(made.attribute, lambda one: one.name == "axis")  # the last is the default
        return made

    def _shape(self, axes: Axes, nodes: list[NodeProto]) -> str:
        """The name of the shape: a constant, or made by what goes to `nodes`, of the sizes of another value."""
        if isinstance(axes.front, tuple):
            return self._constant([*axes.front, axes.width])
        front, shape = f"{axes.front}.front", f"{axes.front}.{axes.width}"
        if front not in self._shapes:
            nodes.append(helper.make_node("Shape", [axes.front], [front], start=0, end=-1))
        if shape not in self._shapes:
            nodes.append(helper.make_node("Concat", [front, self._constant([axes.width])], [shape], axis=0))
        self._shapes |= {front, shape}
        return shape

    def _constant(self, sizes: Sequence[int]) -> str:
        name = "rows." + ".".join(map(str, sizes))
        if name not in self._reading.weights:
            self._graph.initializer.append(numpy_helper.from_array(np.array(sizes, np.int64), name))
            self._reading.weights[name] = self._graph.initializer[-1]
        return name
