"""A convolution that shrinks concatenated images becomes a sum of convolutions, one for each image.

Why: the stems of PP-OCRv6 concatenate at half the size of the page and shrink that by four. What is concatenated is
written and read once more, in another layout, and is the largest value of the network.
"""

from __future__ import annotations

import numpy as np
from onnx import GraphProto, NodeProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

# What has as many channels as its input.
PASSING = ("Relu", "Sigmoid", "HardSigmoid", "HardSwish", "MaxPool", "AveragePool")


def concatenations_to_sums(graph: GraphProto) -> None:
    """Rewrite each `Conv` with a stride in both directions that is the only reader of a `Concat` of channels."""
    reading = Reading(graph)
    made = {node.output[0]: nodes for node in graph.node if (nodes := _sum(graph, reading, node))}
    replace_nodes(graph, made)


def _sum(graph: GraphProto, reading: Reading, node: NodeProto) -> list[NodeProto]:
    joined = reading.alone(node.input[0], "Concat") if node.op_type == "Conv" else None
    known = all(name in reading.weights for name in node.input[1:])
    if joined is None or not known or reading.attribute(joined, "axis", 0) != 1:
        return []
    strides = reading.attribute(node, "strides", (1,))
    channels = [_channels(reading, name) for name in joined.input]
    weight = reading.value(node.input[1])
    if min(strides) < 2 or not all(channels) or sum(channels) != weight.shape[1]:
        return []
    nodes: list[NodeProto] = []
    total = ""
    for number, part in enumerate(np.split(weight, np.cumsum(channels)[:-1], axis=1)):
        name, tensor = f"{node.output[0]}.{number}", f"{node.output[0]}.{number}.weight"
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(part), tensor))
        bias = node.input[2:] if number == 0 else []
        one = NodeProto(op_type="Conv", input=[joined.input[number], tensor, *bias], output=[name])
        one.attribute.extend(node.attribute)
        nodes.append(one)
        if number:
            nodes.append(helper.make_node("Add", [total, name], [f"{name}.sum"]))
        total = nodes[-1].output[0]
    nodes[-1].output[0] = node.output[0]
    return nodes


def _channels(reading: Reading, name: str) -> int:
    """Of an image; 0 where it does not come from a convolution."""
    node = reading.made.get(name)
    while node is not None and node.op_type in PASSING:
        node = reading.made.get(node.input[0])
    dims = reading.dims(node.input[1]) if node is not None and node.op_type == "Conv" else []
    return dims[0] if dims else 0
