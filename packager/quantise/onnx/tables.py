"""Tables that rows are looked up in (embeddings) become int8 with a scale for each row.

Why: they may be a quarter of a language model. A pair around the whole table would be computed anew in every call, and
one scale for all rows, as onnxruntime's quantiser takes it, loses rare words.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

SMALLEST = 1 << 16
"""Numbers in a table that is worth it."""


def quantise_tables(graph: GraphProto, floats: Collection[str] = ()) -> int:
    """Quantise float tables of two axes that only Gathers along the first read; tells how many there were."""
    reading = Reading(graph)
    readers: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    made: dict[str, list[NodeProto]] = {}
    tables = 0
    for tensor in list(graph.initializer):
        looks = readers.get(tensor.name, [])
        if not looks or not _is_table(tensor) or not all(_looks_up(reading, node, floats) for node in looks):
            continue
        values = numpy_helper.to_array(tensor)
        scales = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, np.finfo(np.float32).tiny)
        rows = np.clip(np.rint(values / scales), -127, 127).astype(np.int8)
        graph.initializer.append(numpy_helper.from_array(rows, f"{tensor.name}.rows"))
        graph.initializer.append(numpy_helper.from_array(scales.astype(np.float32), f"{tensor.name}.scales"))
        made.update({node.output[0]: _nodes(node, tensor.name) for node in looks})
        tables += 1
    if made:
        replace_nodes(graph, made)
    return tables


def _is_table(tensor: TensorProto) -> bool:
    return tensor.data_type == TensorProto.FLOAT and len(tensor.dims) == 2 and np.prod(tensor.dims) >= SMALLEST


def _looks_up(reading: Reading, node: NodeProto, floats: Collection[str]) -> bool:
    return node.op_type == "Gather" and reading.attribute(node, "axis", 0) == 0 and node.name not in floats


def _nodes(node: NodeProto, table: str) -> list[NodeProto]:
    out = node.output[0]
    return [
        helper.make_node("Gather", [f"{table}.rows", node.input[1]], [f"{out}.row"], name=node.name),
        helper.make_node("Cast", [f"{out}.row"], [f"{out}.number"], name=f"{node.name}.cast", to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{table}.scales", node.input[1]], [f"{out}.scale"], name=f"{node.name}.scale"),
        helper.make_node("Mul", [f"{out}.number", f"{out}.scale"], [out], name=f"{node.name}.scaled"),
    ]
