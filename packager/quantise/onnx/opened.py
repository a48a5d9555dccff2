"""`com.microsoft.Attention` as a product, a sum, a split and `MultiHeadAttention`.

Why: most of its work is the product with the weights of queries, keys and values, which quantisers leave in float, or
give to `QAttention`, whose weights have 7 bits. As a product of its own it is quantised like any other.

Source: the schemas of com.microsoft version 1 in onnxruntime's ContribOperators document.
"""

from __future__ import annotations

from onnx import GraphProto, NodeProto, helper

from packager.emit.onnx_passes.attention import DOMAIN
from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

INPUTS = 6
"""Of Attention: input, weights, bias, mask_index, past, attention_bias."""
KEPT = ("num_heads", "scale", "mask_filter_value")


def open_attention(graph: GraphProto) -> int:
    """Replace every Attention with a bias, and without mask, past and causality; tells how many there were.

    The product keeps the node's name, so that whoever keeps that node in float keeps its weights in float.
    """
    reading = Reading(graph)
    made = {node.output[0]: _opened(node) for node in graph.node if _opens(reading, node)}
    if made:
        replace_nodes(graph, made)
    return len(made)


def _opens(reading: Reading, node: NodeProto) -> bool:
    if node.op_type != "Attention" or node.domain != DOMAIN:
        return False
    inputs = [*node.input, *[""] * (INPUTS - len(node.input))]
    known = {attribute.name for attribute in node.attribute} <= set(KEPT)
    alone = len([name for name in node.output if name]) == 1
    return known and alone and all(reading.dims(name) for name in inputs[1:3]) and not inputs[3] and not inputs[4]


def _opened(node: NodeProto) -> list[NodeProto]:
    x, weight, bias = node.input[:3]
    added = node.input[5] if len(node.input) == INPUTS else ""
    out = node.output[0]
    parts = [f"{out}.{part}" for part in ("query", "key", "value")]
    product, total = f"{out}.product", f"{out}.sum"
    attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    inputs = [*parts, "", "", added] if added else parts
    return [
        helper.make_node("MatMul", [x, weight], [product], name=node.name),
        helper.make_node("Add", [product, bias], [total], name=f"{node.name}.bias"),
        helper.make_node("Split", [total], parts, name=f"{node.name}.split", axis=2),
        helper.make_node("MultiHeadAttention", inputs, [out], name=f"{node.name}.heads", domain=DOMAIN, **attributes),
    ]
