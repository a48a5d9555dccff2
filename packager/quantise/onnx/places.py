"""Which nodes integers pass through, and which are known to lose much by it.

The former follow from the kernels of ONNX Runtime's CPU provider: an elementwise node pays between layers that are
integers anyway, and costs two conversions elsewhere. With the latter begins the search for what a budget needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from onnx import GraphProto, NodeProto

from packager.emit.onnx_passes.reading import Reading

LAYERS = frozenset({"Conv", "Gemm", "MatMul", "Attention"})
PASSING = frozenset({"Relu", "Clip", "LeakyRelu", "MaxPool", "AveragePool", "GlobalAveragePool", "Concat", "Resize"})
"""Integers go through them between convolutions."""
MOVING = frozenset({"Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze"})
"""They only move what is there, and are quantised where it is."""
SUMS = frozenset({"Add", "Mul"})
GATES = frozenset({"Sigmoid", "HardSigmoid"})
KINDS = LAYERS - {"Attention"} | PASSING | MOVING | SUMS
"""What static quantisation may touch. Softmax, normalisations, other functions and transposed convolutions have no
kernel for integers; an Attention is opened before (`opened.py`).
"""

LONGEST_GATE = 8
"""Nodes from a gate back to the mean that it is made of."""


def float_anyway(graph: GraphProto) -> tuple[str, ...]:
    """Nodes of KINDS that stay in float: products of two computed values, and what no integers come to."""
    reading = Reading(graph)
    integers: set[str] = set()
    kept: list[str] = []
    for node in graph.node:
        if node.op_type not in KINDS:
            continue
        if node.op_type in {"MatMul", "Gemm"}:
            passes = node.input[1] in reading.weights
        elif node.op_type == "Conv":
            passes = node.input[1] in reading.weights
            integers.update(node.output if passes else ())
        else:
            passes = all(name in integers or _gates(reading, name) for name in _read(node))
            integers.update(node.output if passes else ())
            passes |= node.op_type in MOVING
        if not passes:
            kept.append(node.name)
    return tuple(kept)


def fragile(graph: GraphProto) -> tuple[str, ...]:
    """First and last layers and the layers of gates (squeeze and excite), in the graph's order.

    The last layers of a recogniser are its CTC head.
    """
    reading = Reading(graph)
    names = {node.name for node in _first(graph)}
    names.update(node.name for node in _last(graph, reading))
    for node in graph.node:
        if node.op_type in GATES:
            names.update(one.name for one in _gate(reading, node.output[0]))
    return tuple(node.name for node in graph.node if node.name in names)


def _read(node: NodeProto) -> list[str]:
    """Inputs that are data: not the bounds, sizes and shapes that follow them."""
    return list(node.input) if node.op_type in {"Concat", *SUMS} else [node.input[0]]


def _gates(reading: Reading, name: str) -> bool:
    return bool(_gate(reading, name))


def _gate(reading: Reading, name: str) -> list[NodeProto]:
    """The nodes from a mean over the image to this gate, without the mean; none where it is no such gate."""
    node, found = reading.made.get(name), list[NodeProto]()
    if node is None or node.op_type not in GATES:
        return []
    while node is not None and len(found) < LONGEST_GATE:
        if node.op_type in {"GlobalAveragePool", "ReduceMean"}:
            return found
        found.append(node)
        computed = [one for one in node.input if one in reading.made]
        node = reading.made[computed[0]] if len(computed) == 1 else None
    return []


def _first(graph: GraphProto) -> Iterator[NodeProto]:
    """The layers that no other layer comes before."""
    after = set[str]()
    for node in graph.node:
        if after.intersection(node.input):
            after.update(node.output)
        elif node.op_type in LAYERS:
            after.update(node.output)
            yield node


def _last(graph: GraphProto, reading: Reading) -> Iterator[NodeProto]:
    """The layers with weights that no other such layer follows."""
    before = set[str]()
    for node in reversed(graph.node):
        layer = node.op_type in LAYERS and node.input[1] in reading.weights
        if before.intersection(node.output):
            before.update(node.input)
        elif layer:
            before.update(node.input)
            yield node
