"""Constants that scale or shift what goes into a convolution or comes out of it become a part of its weights.

Why: the networks of PP-LCNet, so PP-OCR's, have a learned scale and shift on both sides of every activation. ONNX
Runtime folds none of them; each reads and writes all features once more, leaves the layout that its convolutions like
best, and hides the activation from its fusion into the convolution.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop, drop_unread

Numbers = NDArray[np.float64]
KINDS = ("Conv", "ConvTranspose")
# A scale below it would make the shift that is divided by it too large to keep its digits.
SMALLEST_SCALE = 1e-3


def fold_affine(graph: GraphProto) -> None:
    """Fold products, sums and normalisations behind convolutions, then products and sums of one number before them."""
    folds = _Folds(graph)
    for node in graph.node:
        folds.behind(node)
    for node in reversed(graph.node):
        folds.before(node)
    folds.write()


@dataclass
class _Layer:
    """A convolution's weight and bias, in double precision until all is folded. `out` is the weight's output axis."""

    node: NodeProto
    weight: Numbers
    bias: Numbers
    out: int

    def scale(self, factor: Numbers) -> None:
        shape = [1] * self.weight.ndim
        shape[self.out] = -1
        self.weight = self.weight * factor.reshape(shape)


class _Folds:
    def __init__(self, graph: GraphProto) -> None:
        self._graph, self._reading = graph, Reading(graph)
        self._layers: dict[str, _Layer] = {}
        self._readers: dict[str, list[NodeProto]] = defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self._readers[name].append(node)
        self._shown = {output.name for output in graph.output}

    def behind(self, node: NodeProto) -> None:
        """Fold the node into the convolution whose only reader it is."""
        source, scale, shift = self._affine(node)
        made = next((one for kind in KINDS if (one := self._reading.alone(source, kind))), None)
        layer = self._layer(made) if made is not None else None
        if layer is None:
            return
        channels = layer.bias.size
        factors = [_of_channels(one, channels, layer.weight.ndim) for one in (scale, shift)]
        if factors[0] is None or factors[1] is None:
            return
        layer.scale(factors[0])
        layer.bias = layer.bias * factors[0] + factors[1]
        self._layers[node.output[0]] = self._layers.pop(layer.node.output[0])
        layer.node.output[0], node.output[0] = node.output[0], ""  # it makes nothing any more
        self._reading.made[layer.node.output[0]] = layer.node

    def before(self, node: NodeProto) -> None:
        """Fold the node into the convolutions behind it, if nothing else reads it.

        Padding is zero: a shift before it stays. A scale before such a shift goes past it.
        """
        if node.op_type not in ("Mul", "Add") or not node.output[0]:
            return
        source, scale, shift = self._affine(node)
        if not source or scale.size != 1 or shift.size != 1 or self._is_gelu(source):
            return
        factor, term = float(scale.reshape(())), float(shift.reshape(()))
        layers = self._readers_of(node)
        if any(max(scale.ndim, shift.ndim) > layer.weight.ndim for layer in layers):
            return
        if layers and (node.op_type == "Mul" or not any(_pads(layer.node) for layer in layers)):
            self._into(layers, factor, term)
            self._skip(node, source)
        elif node.op_type == "Mul" and abs(factor) >= SMALLEST_SCALE:
            readers = self._readers[node.output[0]]
            after = readers[0] if len(readers) == 1 and node.output[0] not in self._shown else None
            passed = self._affine(after) if after is not None and after.op_type == "Add" else None
            layers = self._readers_of(after) if after is not None and passed is not None else []
            if after is not None and passed is not None and layers and passed[2].size == 1:
                self._into(layers, factor, 0.0)
                name = f"{after.output[0]}.shift"
                self._graph.initializer.append(
                    numpy_helper.from_array((passed[2] / factor).astype(np.float32).reshape(1), name)
                )
                after.input[:] = [node.output[0], name]
                self._skip(node, source)

    def _is_gelu(self, name: str) -> bool:
        """Whether it is x * (erf(...) + 1): with a half behind it, ONNX Runtime has one operator for all of it."""
        made = self._reading.made
        factors = made[name].input if name in made and made[name].op_type == "Mul" else ()
        sums = [made[one] for one in factors if one in made and made[one].op_type == "Add"]
        return any(one in made and made[one].op_type in ("Erf", "Tanh") for total in sums for one in total.input)

    def _affine(self, node: NodeProto) -> tuple[str, Numbers, Numbers]:
        """What the node reads, scales by and then adds; no name where it does something else."""
        one, zero = np.ones(1), np.zeros(1)
        if node.op_type in ("Mul", "Add") and node.output[0]:
            for constant, source in (node.input, reversed(node.input)):
                if self._is_float(constant) and source not in self._reading.weights:
                    value = self._number(constant)
                    return (source, value, zero) if node.op_type == "Mul" else (source, one, value)
        if node.op_type == "BatchNormalization" and all(map(self._is_float, node.input[1:])) and len(node.output) == 1:
            gain, offset, mean, variance = (self._number(name) for name in node.input[1:])
            factor = gain / np.sqrt(variance + self._reading.attribute(node, "epsilon", 1e-5))
            along = (1, -1, 1, 1)  # an image's channels
            return node.input[0], factor.reshape(along), (offset - mean * factor).reshape(along)
        return "", one, zero

    def _readers_of(self, node: NodeProto) -> list[_Layer]:
        """The convolutions that read what the node makes as their image; none where something else does, too."""
        name = node.output[0]
        layers = []
        for reader in self._readers[name]:
            layer = self._layer(reader) if reader.op_type == "Conv" and list(reader.input).count(name) == 1 else None
            if layer is None or reader.input[0] != name:
                return []
            layers.append(layer)
        return layers if name not in self._shown else []

    def _into(self, layers: list[_Layer], factor: float, term: float) -> None:
        for layer in layers:
            layer.bias = layer.bias + term * layer.weight.sum(axis=tuple(range(1, layer.weight.ndim)))
            layer.weight = layer.weight * factor

    def _skip(self, node: NodeProto, source: str) -> None:
        """Let the readers of the node read its source."""
        readers = self._readers[node.output[0]]
        for reader in readers:
            for place, name in enumerate(reader.input):
                if name == node.output[0]:
                    reader.input[place] = source
        self._readers[source] = [one for one in self._readers[source] if one is not node] + readers
        node.output[0] = ""  # it makes nothing any more

    def _layer(self, node: NodeProto) -> _Layer | None:
        """The layer of a convolution with float32 weights that are known."""
        key = node.output[0]
        known = len(node.input) > 1 and all(self._is_float(name) for name in node.input[1:] if name)
        grouped = node.op_type == "ConvTranspose" and self._reading.attribute(node, "group", 1) != 1
        if key not in self._layers and known and not grouped:
            weight, out = self._number(node.input[1]), int(node.op_type == "ConvTranspose")
            has_bias = len(node.input) > 2 and node.input[2]
            bias = self._number(node.input[2]) if has_bias else np.zeros(weight.shape[out])
            self._layers[key] = _Layer(node, weight, bias, out)
        return self._layers.get(key)

    def _is_float(self, name: str) -> bool:
        tensor = self._reading.weights.get(name)
        return tensor is not None and tensor.data_type == TensorProto.FLOAT

    def _number(self, name: str) -> Numbers:
        return self._reading.value(name).astype(np.float64)

    def write(self) -> None:
        """Put the new weights into the graph and take out what is no longer read."""
        for name, layer in self._layers.items():
            old = [self._number(one) if one else None for one in (*layer.node.input[1:], "")[:2]]
            for place, value in enumerate((layer.weight, layer.bias), start=1):
                before = old[place - 1]
                if np.array_equal(value, before if before is not None else np.zeros_like(value)):
                    continue
                made = numpy_helper.from_array(value.astype(np.float32), f"{name}.{'weight' if place == 1 else 'bias'}")
                self._graph.initializer.append(made)
                layer.node.input[place:] = [made.name, *layer.node.input[place + 1 :]]
        drop(self._graph.node, lambda node: not node.output[0])
        drop_unread(self._graph)


def _of_channels(value: Numbers, channels: int, rank: int) -> Numbers | None:
    """One number for each channel, where the constant has that, or one for all, and does not lengthen the shape."""
    if value.size == 1 and value.ndim <= rank:
        return np.full(channels, value.reshape(()))
    along = value.shape[-rank + 1 :] == (channels, *[1] * (rank - 2))
    return value.reshape(-1) if along and value.size == channels and value.ndim <= rank else None


def _pads(node: NodeProto) -> bool:
    attribute: Any = Reading.attribute
    return any(attribute(node, "pads", ())) or attribute(node, "auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID")
