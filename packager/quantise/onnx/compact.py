"""What the quantiser adds takes little room: in MobileNetV2 its names and zeros are a tenth of all bytes.

Pairs and what only they read get short names; equal constants are one; biases lose their zero points, which are zero.
Those of weights stay: without them ONNX Runtime takes slower kernels.
"""

from __future__ import annotations

from onnx import GraphProto, NodeProto, TensorProto

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop_unread, rename_inputs

ROUND, BACK = "QuantizeLinear", "DequantizeLinear"


def compact(graph: GraphProto) -> None:
    """Shorten names of Q/DQ nodes, of their values and constants; other nodes and values keep theirs."""
    reading = Reading(graph)
    pairs = [node for node in graph.node if node.op_type in {ROUND, BACK}]
    for node in pairs:
        tensor = reading.weights.get(node.input[0])
        if tensor is not None and tensor.data_type == TensorProto.INT32:
            del node.input[2:]
    rename_inputs(graph, _one_of_each(graph))
    _shorten(graph, pairs)
    drop_unread(graph)


def _one_of_each(graph: GraphProto) -> dict[str, str]:
    """From the name of an initializer to that of the first that is equal."""
    first: dict[tuple[int, tuple[int, ...], bytes], str] = {}
    names: dict[str, str] = {}
    for tensor in graph.initializer:
        if tensor.raw_data:
            key = (tensor.data_type, tuple(tensor.dims), tensor.raw_data)
            names[tensor.name] = first.setdefault(key, tensor.name)
    return names


def _shorten(graph: GraphProto, pairs: list[NodeProto]) -> None:
    elsewhere = {name for node in graph.node if node.op_type not in {ROUND, BACK} for name in node.input}
    taken = {one.name for one in (*graph.input, *graph.output)}
    taken.update(name for node in graph.node if node.op_type not in {ROUND, BACK} for name in node.output)
    initializers = {tensor.name: tensor for tensor in graph.initializer}
    taken.update(name for name in initializers if name in elsewhere)
    outputs = {output.name for output in graph.output}
    names: dict[str, str] = {}

    def short(old: str, letter: str) -> str:
        if old not in names:
            number = len(names)
            while f"{letter}{number}" in taken:
                number += 1
            names[old] = f"{letter}{number}"
            taken.add(names[old])
        return names[old]

    for node in pairs:
        letter = "q" if node.op_type == ROUND else "d"
        if node.output[0] not in outputs:
            node.output[0] = short(node.output[0], letter)
        for name in node.input:
            if name in initializers and name not in elsewhere:
                initializers[name].name = short(name, "c")
        node.name = node.output[0]
    rename_inputs(graph, names)
