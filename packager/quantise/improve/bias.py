"""Bias correction: what quantising shifts a layer's outputs by on average is taken off its bias.

Weights are rounded, activations are rounded and cut off; the mean of a channel moves. That mean is measured on the
feeds: beside each layer of the float network runs the same layer with the quantised weights, on the quantised input.

Source: Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction, ICCV 2019, section 4.2,
in the form that has data (appendix D).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop_unread
from packager.quantise.feeds import Feed, read_feeds
from packager.quantise.improve.graft import Graft
from packager.quantise.improve.observe import observed
from packager.quantise.improve.weights import set_weight

LAYERS = frozenset({"Conv", "Gemm", "MatMul"})
AXES_ARE_AN_INPUT = 18
"""The opset from which ReduceMean is told its axes as an input."""


@dataclass(frozen=True)
class _Layer:
    """Of a layer: the quantised node and its input that are the bias, and the error's name in the float graph."""

    holder: NodeProto
    place: int
    error: str


def correct_bias(fp32: Path, quantised: Path, feeds: Path) -> int:
    """Correct the biases in the file `quantised` (Q/DQ form) from its float twin; tells how many.

    Layers without a bias stay as they are. A bias that is quantised moves by whole steps of its scale.
    """
    model = onnx.load(quantised)
    errors = bias_errors(onnx.load(fp32), model, read_feeds(feeds))
    for (node, place), error in errors:
        _shift(model.graph, node, place, -error)
    drop_unread(model.graph)
    onnx.save_model(model, quantised)
    return len(errors)


def bias_errors(
    fp32: ModelProto, quantised: ModelProto, feeds: Iterable[Feed]
) -> list[tuple[tuple[NodeProto, int], NDArray[np.float64]]]:
    """For each input of a quantised node that is a bias the mean error of each channel; feeds count equally."""
    twin = ModelProto()
    twin.CopyFrom(fp32)
    layers = _add_errors(twin, quantised)
    sums, count = [np.zeros(1)] * len(layers), 0
    if layers:
        for values in observed(twin, feeds, [layer.error for layer in layers]):
            sums = [total + value for total, value in zip(sums, values, strict=True)]
            count += 1
    means = [total / max(count, 1) for total in sums]
    return [((layer.holder, layer.place), mean) for layer, mean in zip(layers, means, strict=True)]


def _add_errors(twin: ModelProto, quantised: ModelProto) -> list[_Layer]:
    """Put the quantised layers beside the float ones, and the mean difference of each channel behind both."""
    graph, reading = twin.graph, Reading(twin.graph)
    graft = Graft(graph, quantised.graph)
    there = {node.name: node for node in quantised.graph.node}
    layers: list[_Layer] = []
    nodes: list[NodeProto] = []
    for node in graph.node:
        nodes.append(node)
        other = there.get(node.name)
        holder = _bias_of(reading, node, there) if node.op_type in LAYERS and other is not None else None
        if holder is None or other is None or not graft.quantises(other, 1):
            continue
        name = f"{node.name}.error"
        inputs = []
        for place in (0, 1):
            made, before = graft.input(node.input[place], other, place)
            inputs.append(made)
            nodes += before
        nodes += [
            _bare(node, f"{name}.int8", inputs),
            _bare(node, f"{name}.float", node.input[:2]),
            helper.make_node("Sub", [f"{name}.int8", f"{name}.float"], [f"{name}.sub"]),
            *_mean(twin, node, reading.dims(node.input[1]), name),
        ]
        layers.append(_Layer(*holder, name))
    del graph.node[:]
    graph.node.extend(nodes)
    return layers


def _bare(node: NodeProto, out: str, inputs: Sequence[str]) -> NodeProto:
    """The layer without its bias, on other inputs."""
    copy = NodeProto()
    copy.CopyFrom(node)
    copy.name, copy.input[:], copy.output[:] = out, inputs, [out]
    return copy


def _mean(model: ModelProto, node: NodeProto, dims: Sequence[int], name: str) -> list[NodeProto]:
    """Of `NAME.sub`, the mean of each channel: a convolution's second axis, else the last one."""
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    source, axes, nodes = f"{name}.sub", [0, *range(2, len(dims))], []
    if node.op_type != "Conv":
        width = dims[0] if Reading.attribute(node, "transB", 0) else dims[1]
        model.graph.initializer.append(numpy_helper.from_array(np.array([-1, width]), f"{name}.shape"))
        nodes, source, axes = (
            [helper.make_node("Reshape", [source, f"{name}.shape"], [f"{name}.rows"])],
            f"{name}.rows",
            [0],
        )
    if opset < AXES_ARE_AN_INPUT:
        return [*nodes, helper.make_node("ReduceMean", [source], [name], axes=axes, keepdims=0)]
    model.graph.initializer.append(numpy_helper.from_array(np.array(axes), f"{name}.axes"))
    return [*nodes, helper.make_node("ReduceMean", [source, f"{name}.axes"], [name], keepdims=0)]


def _bias_of(reading: Reading, node: NodeProto, there: Mapping[str, NodeProto]) -> tuple[NodeProto, int] | None:
    """The quantised graph's node that reads the layer's bias, and which of its inputs that is."""
    if node.op_type == "MatMul":
        if len(reading.dims(node.input[1])) != 2:
            return None
        total = next((one for one in reading.made.values() if node.output[0] in one.input), None)
        if total is None or total.op_type != "Add" or not reading.alone(node.output[0], "MatMul"):
            return None
        place = 1 - list(total.input).index(node.output[0])
        wide = reading.dims(total.input[place]) == reading.dims(node.input[1])[1:]
        return (there[total.name], place) if wide and total.name in there else None
    plain = Reading.attribute(node, "beta", 1.0) == 1.0
    has_one = len(node.input) > 2 and len(reading.dims(node.input[2])) == 1
    return (there[node.name], 2) if plain and has_one else None


def _shift(graph: GraphProto, node: NodeProto, place: int, change: NDArray[np.float64]) -> None:
    """Add to a bias, in steps of its scale where it is quantised."""
    reading = Reading(graph)
    back = reading.made.get(node.input[place])
    if back is None:
        if node.input[place] in reading.weights:
            set_weight(graph, node, place, reading.value(node.input[place]) + change)
        return
    if back.op_type != "DequantizeLinear" or back.input[0] not in reading.weights:
        return
    steps, scale = reading.value(back.input[0]), reading.value(back.input[1])
    bounds = np.iinfo(steps.dtype)
    moved = np.clip(steps + np.rint(change / scale), bounds.min, bounds.max).astype(steps.dtype)
    own = NodeProto()
    own.CopyFrom(back)
    own.name = own.output[0] = f"{back.output[0]}:{node.name}"
    set_weight(graph, own, 0, moved)
    node.input[place] = own.output[0]
    graph.node.insert(0, own)
