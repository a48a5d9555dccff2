"""A gate beside its own input, `x + x * gate`, becomes `x * (gate + 1)` where the gate is one number for each channel.

Why: the sum reads and writes every feature once more; the feature pyramid of PP-OCR's detectors has eight of them.
"""

from __future__ import annotations

import numpy as np
from onnx import GraphProto, NodeProto, numpy_helper

from packager.emit.onnx_passes.reading import Reading

ONE = "edgepack.one"
# Squeeze and excitation (Hu et al. 2018): a mean, two layers with an activation each.
FARTHEST_MEAN = 6


def add_one_to_gates(graph: GraphProto) -> None:
    """Rewrite each sum of a product with one of its factors, where the other comes from a mean of each channel."""
    reading = Reading(graph)
    found = False
    for node in graph.node:
        for x, other in (node.input, reversed(node.input)) if node.op_type == "Add" else ():
            product = reading.alone(other, "Mul")
            gate = _other_factor(product, x) if product is not None else ""
            if product is not None and _is_of_means(reading, gate):
                product.op_type, product.input[:] = "Add", [gate, ONE]
                node.op_type, node.input[:] = "Mul", [x, product.output[0]]
                found = True
                break
    if found and ONE not in reading.weights:
        graph.initializer.append(numpy_helper.from_array(np.ones(1, np.float32), ONE))


def _other_factor(product: NodeProto, x: str) -> str:
    """What x is multiplied by; no name where x is no factor."""
    one, other = product.input
    return other if one == x else one if other == x else ""


def _is_of_means(reading: Reading, name: str) -> bool:
    for _ in range(FARTHEST_MEAN):
        node = reading.made.get(name)
        if node is None or node.op_type == "GlobalAveragePool":
            return node is not None
        name = node.input[0] if node.input else ""
    return False
