"""Cross-layer equalisation: neighbouring convolutions share the spread of their channels' weights.

A channel between two convolutions is divided by a number in the first and multiplied by it in the second. That changes
nothing where what is between them is positively homogeneous: nothing at all, or a Relu. A cap (ReLU6) becomes one for
each channel, behind a Relu.

Source: Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction, ICCV 2019, section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.quantise.improve.weights import drop_unread, set_weight

Numbers = NDArray[np.float64]

SWEEPS = 20
SETTLED = 1e-3
"""The largest change of a scale at which sweeps over all pairs end."""
WIDEST = 1e3
"""How far a channel is scaled at most: a channel that is nearly dead would become one without numbers."""


@dataclass(frozen=True)
class _Layer:
    """A convolution, its weight (out, in / groups, ...) and its bias."""

    node: NodeProto
    weight: Numbers
    bias: Numbers | None
    groups: int

    @property
    def one_filter_each(self) -> bool:
        """Depthwise: as many groups as channels that come in."""
        return self.groups > 1 and self.weight.shape[1] == 1 and self.weight.shape[0] == self.groups

    def out_ranges(self) -> Numbers:
        """The largest weight of each channel that goes out."""
        largest: Numbers = np.abs(self.weight).reshape(len(self.weight), -1).max(axis=1)
        return largest

    def in_ranges(self) -> Numbers:
        """The same for each channel that comes in."""
        if self.one_filter_each:
            return self.out_ranges()
        largest: Numbers = np.moveaxis(np.abs(self.weight), 1, 0).reshape(self.weight.shape[1], -1).max(axis=1)
        return largest

    def divide_out(self, scale: Numbers) -> None:
        self.weight[:] /= scale.reshape(-1, *[1] * (self.weight.ndim - 1))
        if self.bias is not None:
            self.bias[:] /= scale

    def multiply_in(self, scale: Numbers) -> None:
        axis = 0 if self.one_filter_each else 1
        shape = [1] * self.weight.ndim
        shape[axis] = -1
        self.weight[:] *= scale.reshape(shape)


@dataclass
class _Pair:
    first: _Layer
    second: _Layer
    clip: NodeProto | None
    scale: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.scale = np.ones(len(self.first.weight))


def equalise(model: ModelProto) -> int:
    """Equalise every pair of convolutions with nothing, a Relu or a Clip from 0 between; tells how many there are.

    The float function stays what it is, up to rounding. Needs opset 11, where Clip's bounds are inputs.
    """
    graph = model.graph
    pairs = _pairs(graph)
    for _ in range(SWEEPS):
        if not pairs or max([_sweep(pair) for pair in pairs]) < SETTLED:
            break
    for layer in {id(layer): layer for pair in pairs for layer in (pair.first, pair.second)}.values():
        set_weight(graph, layer.node, 1, layer.weight)
        if layer.bias is not None:
            set_weight(graph, layer.node, 2, layer.bias)
    caps = {pair.clip.output[0]: pair for pair in pairs if pair.clip is not None}
    nodes = [new for node in graph.node for new in _capped(graph, node, caps)]
    del graph.node[:]
    graph.node.extend(nodes)
    drop_unread(graph)
    return len(pairs)


def _sweep(pair: _Pair) -> float:
    """Equalise one pair; tells how far from 1 the farthest scale was."""
    out, into = pair.first.out_ranges(), pair.second.in_ranges()
    alive = (out > 0) & (into > 0)
    step = np.sqrt(np.divide(out, into, out=np.ones_like(out), where=alive))
    step = np.clip(pair.scale * step, 1 / WIDEST, WIDEST) / pair.scale
    pair.first.divide_out(step)
    pair.second.multiply_in(step)
    pair.scale *= step
    return float(np.abs(step - 1).max())


def _pairs(graph: GraphProto) -> list[_Pair]:
    reading = Reading(graph)
    layers: dict[str, _Layer] = {}
    for node in graph.node:
        layer = _layer(reading, node) if node.op_type == "Conv" else None
        if layer is not None:
            layers[node.output[0]] = layer
    pairs = []
    for second in layers.values():
        source, clip = second.node.input[0], None
        if relu := reading.alone(source, "Relu"):
            source = relu.input[0]
        elif (clip := reading.alone(source, "Clip")) and _is_cap(reading, clip):
            source = clip.input[0]
        else:
            clip = None
        first = layers.get(source) if reading.alone(source, "Conv") else None
        plain = second.groups == 1 or second.one_filter_each
        if first is not None and plain:
            pairs.append(_Pair(first, second, clip))
    return pairs


def _layer(reading: Reading, node: NodeProto) -> _Layer | None:
    known = [reading.weights.get(name) for name in node.input[1:] if name]
    if not known or any(tensor is None or tensor.data_type != TensorProto.FLOAT for tensor in known):
        return None
    weight = reading.value(node.input[1]).astype(np.float64)
    bias = reading.value(node.input[2]).astype(np.float64) if len(node.input) > 2 and node.input[2] else None
    return _Layer(node, weight, bias, int(Reading.attribute(node, "group", 1)))


def _is_cap(reading: Reading, clip: NodeProto) -> bool:
    """From 0 up to a number that is known."""
    bounds = [reading.constant(name) if name else None for name in [*clip.input[1:], "", ""][:2]]
    low, high = bounds
    return low is not None and high is not None and low.size == high.size == 1 and float(low) == 0.0 < float(high)


def _capped(graph: GraphProto, node: NodeProto, caps: dict[str, _Pair]) -> list[NodeProto]:
    """The node; for a cap whose channels were scaled a Relu and a Min with a cap of each channel."""
    pair = caps.get(node.output[0])
    if pair is None or np.all(pair.scale == 1):
        return [node]
    high = next(tensor for tensor in graph.initializer if tensor.name == node.input[2])
    along = (-1, *[1] * (pair.first.weight.ndim - 2))
    name, above = f"{node.output[0]}.cap", f"{node.output[0]}.relu"
    cap = (float(numpy_helper.to_array(high).reshape(())) / pair.scale).astype(np.float32).reshape(along)
    graph.initializer.append(numpy_helper.from_array(cap, name))
    return [
        helper.make_node("Relu", [node.input[0]], [above], name=f"{node.name}.relu"),
        helper.make_node("Min", [above, name], [node.output[0]], name=f"{node.name}.cap"),
    ]
