"""Takes what a quantised graph does to the inputs of a node, and does it in its float twin.

In the Q/DQ form a quantised weight is an initializer behind a DequantizeLinear, a quantised activation a value behind a
QuantizeLinear and a DequantizeLinear. Nodes have the same names in both graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto, TensorProto

from packager.emit.onnx_passes.reading import Reading

PREFIX = "graft:"


class Graft:
    """Adds to `graph` what `quantised` has around its nodes."""

    def __init__(self, graph: GraphProto, quantised: GraphProto) -> None:
        self._graph, self._reading = graph, Reading(quantised)
        self._made: set[str] = set()

    def quantises(self, node: NodeProto, place: int) -> bool:
        """Whether the node of the quantised graph reads something quantised there."""
        return place < len(node.input) and self._maker(node.input[place], "DequantizeLinear") is not None

    def input(self, name: str, node: NodeProto, place: int) -> tuple[str, list[NodeProto]]:
        """What the float twin of the node shall read instead of `name`, and the nodes that make it."""
        back = self._maker(node.input[place], "DequantizeLinear") if place < len(node.input) else None
        if back is None:
            return name, []
        made = f"{PREFIX}{back.output[0]}"
        there = self._maker(back.input[0], "QuantizeLinear")
        if there is None and back.input[0] not in self._reading.weights:
            return name, []
        if there is not None:  # a Relu may be gone in the quantised graph: what is quantised is what our node reads
            made += f":{name}"
        if made in self._made:
            return made, []
        self._made.add(made)
        nodes = []
        source = self._weight(back.input[0]) if there is None else f"{made}:q"
        if there is not None:
            nodes.append(self._copy(there, name, source))
        nodes.append(self._copy(back, source, made))
        return made, nodes

    def _maker(self, name: str, kind: str) -> NodeProto | None:
        node = self._reading.made.get(name)
        return node if node is not None and node.op_type == kind else None

    def _copy(self, node: NodeProto, source: str, out: str) -> NodeProto:
        copy = NodeProto()
        copy.CopyFrom(node)
        copy.name = f"{out}:{node.op_type}"
        copy.input[:] = [source, *map(self._weight, node.input[1:])]
        copy.output[:] = [out]
        return copy

    def _weight(self, name: str) -> str:
        if name and f"{PREFIX}{name}" not in self._made:
            self._made.add(f"{PREFIX}{name}")
            tensor = TensorProto()
            tensor.CopyFrom(self._reading.weights[name])
            tensor.name = f"{PREFIX}{name}"
            self._graph.initializer.append(tensor)
        return name and f"{PREFIX}{name}"


def grafts(fp32: Path, quantised: Path, folder: Path) -> Callable[[Collection[str]], Path]:
    """A quantiser that quantises like the file `quantised` (Q/DQ form) and leaves nodes in float, without calibrating.

    What it returns writes one file in `folder`, over the one before, and tells its path.
    """
    float_model, int8_model = onnx.load(fp32), onnx.load(quantised)
    there = {node.name: node for node in int8_model.graph.node}

    def quantise(floats: Collection[str]) -> Path:
        model = onnx.ModelProto()
        model.CopyFrom(float_model)
        graft = Graft(model.graph, int8_model.graph)
        nodes: list[NodeProto] = []
        for node in model.graph.node:
            twin = there.get(node.name)
            if twin is not None and node.name not in floats:
                for place, name in enumerate(node.input):
                    node.input[place], made = graft.input(name, twin, place)
                    nodes += made
            nodes.append(node)
        del model.graph.node[:]
        model.graph.node.extend(nodes)
        out = folder / "graft.onnx"
        onnx.save_model(model, out)
        return out

    return quantise
