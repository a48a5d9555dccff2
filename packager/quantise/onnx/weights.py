"""Weights alone as int8, for a file of a quarter of the size; what is computed stays as exact as it can.

Products get weights by blocks, whose kernel is no slower than fp32's. A convolution has no such kernel: its weight is
made anew by a DequantizeLinear in every call, which costs ResNet-50 a fifth of its time.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
from onnx import GraphProto, NodeProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop_unread
from packager.errors import UnsupportedModelError
from packager.quantise.onnx.blocks import SMALLEST, by_blocks
from packager.quantise.onnx.compact import compact
from packager.quantise.onnx.prepare import prepared
from packager.quantise.onnx.tables import quantise_tables
from packager.quantise.onnx.write import write

AXES = {"Conv": 0, "ConvTranspose": 1}
"""The axis of output channels (of a transposed convolution those of a group)."""


def quantise_weights(model: Path, out: Path, *, floats: Collection[str] = ()) -> None:
    """Write `model` with int8 weights to `out`; the nodes named in `floats` keep theirs.

    Raises UnsupportedModelError where no weight is large enough.
    """
    network = prepared(model)
    products = by_blocks(network, {node.name for node in network.graph.node} - set(floats))
    if not products + _convolutions(network.graph, floats) + quantise_tables(network.graph, floats):
        raise UnsupportedModelError(
            f"{model.name} has no weights that are worth quantising", remedy="keep fp32: the file would be no smaller"
        )
    compact(network.graph)
    write(network, out)


def _convolutions(graph: GraphProto, floats: Collection[str]) -> int:
    reading = Reading(graph)
    nodes: list[NodeProto] = []
    made: dict[tuple[str, int], str] = {}
    for node in graph.node:
        axis, weight = AXES.get(node.op_type), reading.dims(node.input[1]) if len(node.input) > 1 else []
        if axis is not None and node.name not in floats and np.prod(weight) >= SMALLEST:
            key = (node.input[1], axis)
            if key not in made:
                made[key] = f"{node.input[1]}.back"
                nodes.append(_back(graph, reading, node.input[1], axis, made[key]))
            node.input[1] = made[key]
        nodes.append(node)
    copies = [NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)
    drop_unread(graph)
    return len(made)


def _back(graph: GraphProto, reading: Reading, name: str, axis: int, out: str) -> NodeProto:
    """The node that makes the weight of bytes with a scale for each channel."""
    value = reading.value(name)
    others = tuple(number for number in range(value.ndim) if number != axis)
    scales = np.maximum(np.abs(value).max(axis=others) / 127, np.finfo(np.float32).tiny).astype(np.float32)
    shape = [-1 if number == axis else 1 for number in range(value.ndim)]
    rounded = np.rint(value / scales.reshape(shape)).astype(np.int8)
    names = [f"{name}.bytes", f"{name}.scales"]
    graph.initializer.extend(map(numpy_helper.from_array, (rounded, scales), names))
    return helper.make_node("DequantizeLinear", names, [out], name=out, axis=axis)
