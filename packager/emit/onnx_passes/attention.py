"""Self-attention that is recognised becomes `com.microsoft.Attention`, or `MultiHeadAttention` behind one product.

Why: ONNX Runtime's own fusion finds it in no graph that paddle2onnx writes. Queries, keys and values come from one
matrix, and the transposes between are saved.

Source: the schemas of com.microsoft version 1 in onnxruntime's ContribOperators document.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

DOMAIN = "com.microsoft"
# (batch, tokens, heads, width of a head) to (batch, heads, tokens, width), and keys for the product with queries.
BY_HEAD, KEYS = [0, 2, 1, 3], [0, 2, 3, 1]
WIDE = 768
"""Features from which on a product of its own is faster than that within `Attention` (measured on x86, two threads)."""


@dataclass(frozen=True)
class Projection:
    """One of queries, keys and values: `x` times a weight plus a bias ("" for none), in heads of one width."""

    x: str
    weight: str
    bias: str
    heads: int
    width: int


@dataclass(frozen=True)
class Found:
    """The parts of an attention; `bias` is what is added to its scores, "" for nothing."""

    projections: tuple[Projection, Projection, Projection]
    scale: float
    bias: str


def fuse_attention(graph: GraphProto) -> bool:
    """Replace every self-attention whose parts have no other reader, weights and all; tells whether there was one."""
    reading = Reading(graph)
    merged: dict[tuple[str, ...], tuple[str, str]] = {}
    widened: dict[str, str] = {}
    made: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        found = _find(reading, node)
        if found is None:
            continue
        weight, bias = _merge(graph, reading, found, merged)
        x = found.projections[0].x
        nodes: list[NodeProto] = []
        if found.bias and found.bias not in widened:
            widened[found.bias] = _widen(graph, reading, found.bias, x, nodes)
        nodes += _attention(found, [x, weight, bias], widened.get(found.bias, ""), node.output[0])
        made[node.output[0]] = nodes
    if made:
        replace_nodes(graph, made)
    return bool(made)


def _attention(found: Found, layer: list[str], bias: str, out: str) -> list[NodeProto]:
    """What makes `out` from the layer's input, weight and bias; `bias` is added to the scores, "" for nothing."""
    heads, width = found.projections[0].heads, found.projections[0].width
    kind, inputs, nodes = "Attention", [*layer, "", "", bias], []
    if heads * width >= WIDE:
        kind, inputs = "MultiHeadAttention", [f"{out}.{part}" for part in ("query", "key", "value")]
        product, total = f"{out}.product", f"{out}.sum"
        nodes = [
            helper.make_node("MatMul", layer[:2], [product]),
            helper.make_node("Add", [product, layer[2]], [total]),
            helper.make_node("Split", [total], inputs, axis=2),
        ]
        inputs = [*inputs, "", "", bias]
    nodes.append(
        helper.make_node(kind, inputs if bias else inputs[:3], [out], domain=DOMAIN, num_heads=heads, scale=found.scale)
    )
    return nodes


def _find(reading: Reading, node: NodeProto) -> Found | None:
    """Read backwards from the reshape that joins the heads again."""
    if node.op_type != "Reshape" or (shape := reading.constant(node.input[1])) is None:
        return None
    back = reading.alone(node.input[0], "Transpose")
    mix = back and reading.permutation(back) == BY_HEAD and reading.alone(back.input[0], "MatMul")
    softmax = mix and reading.alone(mix.input[0], "Softmax")
    if not mix or not softmax or reading.attribute(softmax, "axis", -1) not in {3, -1}:
        return None
    scores, bias = reading.alone(softmax.input[0], "Add"), ""
    product, scale = _scaled(reading, scores.input[0] if scores else softmax.input[0])
    if scores and not product:  # the sum may be written the other way round
        product, scale = _scaled(reading, scores.input[1])
        bias = scores.input[0]
    elif scores:
        bias = scores.input[1]
    if not product:
        return None
    parts = (
        _projection(reading, product.input[0], BY_HEAD),
        _projection(reading, product.input[1], KEYS),
        _projection(reading, mix.input[1], BY_HEAD),
    )
    query, key, value = parts
    if query is None or key is None or value is None:
        return None
    alike = len({(one.x, one.heads, one.width) for one in (query, key, value)}) == 1
    joined = len(shape) == 3 and int(shape[2]) == query.heads * query.width
    return Found((query, key, value), scale, bias) if alike and joined else None


def _scaled(reading: Reading, name: str) -> tuple[NodeProto | None, float]:
    """The product of queries and keys behind a scale that is one number, and that scale."""
    for kind in ("Mul", "Div"):
        node = reading.alone(name, kind)
        factor = reading.constant(node.input[1]) if node else None
        if node and factor is not None and factor.size == 1:
            number = float(factor.reshape(()))
            return reading.alone(node.input[0], "MatMul"), number if kind == "Mul" else 1 / number
    return reading.alone(name, "MatMul"), 1.0


def _projection(reading: Reading, name: str, order: list[int]) -> Projection | None:
    turned = reading.alone(name, "Transpose")
    split = turned and reading.permutation(turned) == order and reading.alone(turned.input[0], "Reshape")
    shape = reading.constant(split.input[1]) if split else None
    if not split or shape is None or len(shape) != 4 or min(shape[2:]) < 1:
        return None
    bias, product = "", reading.alone(split.input[0], "MatMul")
    total = reading.alone(split.input[0], "Add")
    if total:
        bias, product = total.input[1], reading.alone(total.input[0], "MatMul")
    heads, width = int(shape[2]), int(shape[3])
    if product is None or reading.dims(product.input[1])[1:] != [heads * width]:
        return None
    if bias and reading.dims(bias) != [heads * width]:
        return None
    return Projection(product.input[0], product.input[1], bias, heads, width)


def _merge(
    graph: GraphProto, reading: Reading, found: Found, merged: dict[tuple[str, ...], tuple[str, str]]
) -> tuple[str, str]:
    """One weight (from width, 3 · to width) and bias; layers that share their parts share these."""
    key = tuple(name for one in found.projections for name in (one.weight, one.bias))
    if key not in merged:
        number = len(merged)
        weights = [reading.value(one.weight) for one in found.projections]
        biases = [
            reading.value(one.bias) if one.bias else np.zeros(one.heads * one.width, np.float32)
            for one in found.projections
        ]
        names = (f"attention.{number}.weight", f"attention.{number}.bias")
        for name, parts in zip(names, (weights, biases), strict=True):
            graph.initializer.append(numpy_helper.from_array(np.concatenate(parts, axis=-1), name))
        merged[key] = names
    return merged[key]


def _widen(graph: GraphProto, reading: Reading, bias: str, x: str, nodes: list[NodeProto]) -> str:
    """The bias with its last two axes as long as there are tokens: the engine broadcasts the first two only."""
    sized = [bias, *(reading.made[bias].input if bias in reading.made and reading.made[bias].op_type == "Add" else ())]
    if any(len(dims) == 4 and min(dims[2:]) > 1 for dims in map(reading.dims, sized)):
        return bias
    ones = "attention.ones"
    if ones not in reading.weights:
        reading.weights[ones] = helper.make_tensor(ones, TensorProto.INT64, [2], [1, 1])
        graph.initializer.append(reading.weights[ones])
    tokens, shape, out = (f"{bias}.{part}" for part in ("tokens", "shape", "wide"))
    nodes.append(helper.make_node("Shape", [x], [tokens], start=1, end=2))
    nodes.append(helper.make_node("Concat", [ones, tokens, tokens], [shape], axis=0))
    nodes.append(helper.make_node("Expand", [bias, shape], [out]))
    return out
