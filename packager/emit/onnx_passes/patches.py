"""Transposed convolutions whose patches do not overlap become products of the channels of each pixel.

Why: ONNX Runtime computes all patches, then adds each to an image of zeros: twice the memory, and not in the layout
that its convolutions like best. The head of a text detector (DB, arXiv 1911.08947) has two of them, in a row, at
the size of the page. As products they run where the image is a fourth as wide and high, and take activations along.
Source: the schemas of ConvTranspose and DepthToSpace (mode DCR) in ONNX opset 13.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

MODE = b"DCR"
ACTIVATIONS = ("Relu", "Sigmoid", "HardSigmoid", "Tanh", "LeakyRelu")

Weights = NDArray[np.float32]
Rule = Callable[[GraphProto, Reading, NodeProto], list[NodeProto]]


def patches_to_channels(graph: GraphProto) -> None:
    """Make each a `Conv` of single pixels and a `DepthToSpace`, and move that behind what works on single pixels."""
    while any(_applied(graph, rule) for rule in (_products, _as_one, _activation_first)):
        pass


def _applied(graph: GraphProto, rule: Rule) -> bool:
    """Whether the rule rewrote a node."""
    reading = Reading(graph)
    for node in graph.node:
        made = rule(graph, reading, node)
        if made:
            replace_nodes(graph, {node.output[0]: made})
            return True
    return False


def _products(graph: GraphProto, reading: Reading, node: NodeProto) -> list[NodeProto]:
    """`ConvTranspose` with a stride as large as its kernel: (in, out, side, side) becomes (side * side * out, in)."""
    side = _patch(reading, node)
    if not side:
        return []
    name, weight = node.output[0], reading.value(node.input[1])
    given: dict[str, Weights] = {"weight": weight.transpose(2, 3, 1, 0).reshape(-1, weight.shape[0], 1, 1)}
    if len(node.input) > 2:
        given["bias"] = np.tile(reading.value(node.input[2]), side * side)
    return [_product(graph, node.input[0], f"{name}.patches", given), _spread(f"{name}.patches", name, side)]


def _activation_first(_: GraphProto, reading: Reading, node: NodeProto) -> list[NodeProto]:
    """What works on each number alone does so in front of a `DepthToSpace`."""
    before = _spreading(reading, node.input[0]) if node.op_type in ACTIVATIONS else None
    if before is None:
        return []
    made = NodeProto()
    made.CopyFrom(node)
    made.input[0], made.output[0] = before.input[0], f"{node.output[0]}.patches"
    return [made, _spread(made.output[0], node.output[0], _side(before))]


def _as_one(graph: GraphProto, reading: Reading, node: NodeProto) -> list[NodeProto]:
    """A product between two `DepthToSpace`, for few channels, goes before one that does the work of both."""
    product = reading.alone(node.input[0], "Conv") if node.op_type == "DepthToSpace" else None
    before = _spreading(reading, product.input[0]) if product is not None and _is_product(reading, product) else None
    if product is None or before is None or reading.attribute(node, "mode", MODE) != MODE:
        return []
    weight, outer, inner = reading.value(product.input[1]), _side(before), _side(node)
    channels, made = weight.shape[1], weight.shape[0] // inner**2
    # Every pixel inside a pixel has weights of its own then, all others are zero.
    if outer**2 * weight.shape[0] > channels:
        return []
    wide = np.zeros((outer, inner, outer, inner, made, outer, outer, channels), weight.dtype)
    for row in range(outer):
        for column in range(outer):
            wide[row, :, column, :, :, row, column] = weight.reshape(inner, inner, made, channels)
    given: dict[str, Weights] = {"weight": wide.reshape(-1, outer**2 * channels, 1, 1)}
    if len(product.input) > 2:
        bias = reading.value(product.input[2]).reshape(1, inner, 1, inner, made)
        given["bias"] = np.broadcast_to(bias, (outer, inner, outer, inner, made)).reshape(-1)
    name = node.output[0]
    return [_product(graph, before.input[0], f"{name}.whole", given), _spread(f"{name}.whole", name, outer * inner)]


def _patch(reading: Reading, node: NodeProto) -> int:
    """The side of the square that the node makes of each pixel alone; 0 for any other node."""
    if node.op_type != "ConvTranspose" or any(name not in reading.weights for name in node.input[1:]):
        return 0
    dims, strides = reading.dims(node.input[1]), list(reading.attribute(node, "strides", ()))
    steps = {*reading.attribute(node, "dilations", (1,)), reading.attribute(node, "group", 1)}
    strange = any(one.name in ("auto_pad", "output_shape") for one in node.attribute)
    square = len(dims) == 4 and strides == dims[2:] and dims[2] == dims[3] > 1
    return dims[2] if square and steps == {1} and not strange and not _pads(node) else 0


def _is_product(reading: Reading, node: NodeProto) -> bool:
    """Whether a `Conv` works on single pixels, with weights that are known."""
    known = all(name in reading.weights for name in node.input[1:])
    steps = {*reading.attribute(node, "strides", (1,)), reading.attribute(node, "group", 1)}
    return known and reading.dims(node.input[1])[2:] == [1, 1] and steps == {1} and not _pads(node)


def _pads(node: NodeProto) -> bool:
    return any(any(Reading.attribute(node, name, ())) for name in ("pads", "output_padding"))


def _spreading(reading: Reading, name: str) -> NodeProto | None:
    """The `DepthToSpace` of our mode that makes the value for one reader."""
    node = reading.alone(name, "DepthToSpace")
    return node if node is not None and reading.attribute(node, "mode", MODE) == MODE else None


def _side(spread: NodeProto) -> int:
    return int(Reading.attribute(spread, "blocksize", 0))


def _product(graph: GraphProto, source: str, name: str, given: dict[str, Weights]) -> NodeProto:
    tensors = [numpy_helper.from_array(np.ascontiguousarray(one), f"{name}.{kind}") for kind, one in given.items()]
    graph.initializer.extend(tensors)
    return helper.make_node("Conv", [source, *(one.name for one in tensors)], [name], kernel_shape=[1, 1])


def _spread(source: str, name: str, side: int) -> NodeProto:
    return helper.make_node("DepthToSpace", [source], [name], blocksize=side)
