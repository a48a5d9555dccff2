"""A scale of each feature behind a linear layer goes into the layer (the layer scale of ConvNeXt, BEiT, DINOv2).

Why: no engine does it, and the product reads and writes every feature once more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop, drop_unread


def fold_scales(graph: GraphProto) -> None:
    """Multiply weight and bias of `MatMul`, `Add`, `Mul` by the scale, where nothing else reads what is between."""
    reading = Reading(graph)
    for node in graph.node:
        value, name = _scaling(reading, node)
        if not name:
            continue
        scale = reading.value(name).reshape(-1)
        total = reading.alone(value, "Add")
        product = total and reading.alone(total.input[0], "MatMul")
        width = [scale.size]
        if (
            not total
            or not product
            or reading.dims(product.input[1])[1:] != width
            or reading.dims(total.input[1]) != width
        ):
            continue
        for layer in (product, total):
            layer.input[1] = _scaled(graph, reading, layer.input[1], scale, name)
        total.output[0], node.output[0] = node.output[0], ""  # it makes nothing any more
    drop(graph.node, lambda node: node.op_type == "Mul" and not node.output[0])
    drop_unread(graph)


def _scaling(reading: Reading, node: NodeProto) -> tuple[str, str]:
    """The value and the scale of a product with one number for each feature; nothing of any other node."""
    if node.op_type == "Mul":
        for value, scale in (node.input, reversed(node.input)):
            dims = reading.dims(scale)
            if dims and int(np.prod(dims)) == dims[-1] > 1:
                return value, scale
    return "", ""


def _scaled(graph: GraphProto, reading: Reading, name: str, scale: NDArray[np.generic], scale_name: str) -> str:
    result = f"{name}.times.{scale_name}"
    if result not in reading.weights:
        made = (reading.value(name) * scale).astype(np.float32)
        graph.initializer.append(numpy_helper.from_array(made, result))
        reading.weights[result] = graph.initializer[-1]
    return result
