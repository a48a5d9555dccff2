"""Hidden layers whose rows are whole pages of memory long get 16 features more, which make no difference.

Why: a first-level cache finds a line by the last 12 bits of its address. Rows of 1024 or 3072 floats all begin at the
same, and a product reads a dozen rows at a time: they push each other out, and every read goes to the second level.
That is 4% of the whole time of BERT-base and ViT-base on x86. Answers stay the same to the bit: the features are copies
of the first ones, and the next product multiplies them by zero.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from onnx import GraphProto, NodeProto, numpy_helper

from packager.emit.onnx_passes.leading import BINARY, UNARY
from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop_unread

PAGE = 1024
"""Floats in 4 KiB."""
LINE = 16
"""Floats in a line of a cache, so that the next row begins on the next line."""


def widen_layers(graph: GraphProto) -> None:
    """Widen what is between products with weights, where all works feature by feature and nothing else reads it."""
    widths = _Widths(graph)
    for node in graph.node:
        widths.widen_before(node)
    drop_unread(graph)


class _Widths:
    def __init__(self, graph: GraphProto) -> None:
        self._graph, self._reading = graph, Reading(graph)

    def widen_before(self, product: NodeProto) -> None:
        """Widen the layer that this product reads, if it is one."""
        width = self._features(product)
        if width == 0 or width % PAGE:
            return
        layer = self._layer(product, width)
        if layer:
            for node in layer:
                for place, name in enumerate(node.input):
                    if self._reading.dims(name)[-1:] == [width]:
                        node.input[place] = self._wider(name, ignored=False)
            product.input[1] = self._wider(product.input[1], ignored=True)

    def _features(self, node: NodeProto) -> int:
        """How many features a product with a weight reads; 0 of any other node."""
        plain = node.op_type == "MatMul" or (node.op_type == "Gemm" and not node.attribute)
        dims = self._reading.dims(node.input[1]) if plain else []
        return dims[0] if len(dims) == 2 else 0

    def _layer(self, product: NodeProto, width: int) -> list[NodeProto]:
        """The nodes from the products before to this one, without it; none where there is one that does not fit."""
        layer: dict[str, NodeProto] = {}
        reads = Counter([product.input[0]])
        wanted = [product.input[0]]
        while wanted:
            name = wanted.pop()
            if name in layer:
                continue
            node = self._reading.made.get(name)
            values = self._computed(node, width) if node else None
            if node is None or values is None:
                return []
            layer[name] = node
            reads.update(values)
            wanted += values
        return list(layer.values()) if all(self._reading.readers(name) == reads[name] for name in layer) else []

    def _computed(self, node: NodeProto, width: int) -> list[str] | None:
        """Which values of the layer a node of it reads; None where it cannot be widened."""
        if self._features(node):
            return [] if all(self._reading.dims(name)[-1:] == [width] for name in node.input[1:]) else None
        if node.op_type not in UNARY and node.op_type not in BINARY:
            return None
        constants = [self._reading.dims(name) for name in node.input if name in self._reading.weights]
        fits = all(dims[-1:] in ([], [1], [width]) for dims in constants)
        return [name for name in node.input if name not in self._reading.weights] if fits else None

    def _wider(self, name: str, *, ignored: bool) -> str:
        """A constant with more features on its last axis; or a weight that ignores them on its first."""
        result = f"{name}.{'ignoring' if ignored else 'wider'}"
        if result not in self._reading.weights:
            array = self._reading.value(name)
            more = np.zeros_like(array[:LINE]) if ignored else array[..., :LINE]
            made = np.concatenate([array, more], axis=0 if ignored else -1)
            self._graph.initializer.append(numpy_helper.from_array(made, result))
            self._reading.weights[result] = self._graph.initializer[-1]
        return result
