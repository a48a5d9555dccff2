"""Constant nodes become initializers, each value once.

Why: paddle2onnx writes every weight as a Constant node, again for every use; ONNX Runtime's quantiser wants
initializers, and a network with shared layers would be stored once per layer.
"""

from __future__ import annotations

import hashlib
from typing import Any

from onnx import GraphProto, NodeProto, TensorProto, numpy_helper

from packager.emit.onnx_passes.values import drop, drop_unread, rename_inputs


def constants_to_initializers(graph: GraphProto) -> None:
    """Move the tensors of Constant nodes and merge those of equal dtype, shape and bytes."""
    for node in graph.node:
        if _holds_tensor(node):
            graph.initializer.append(node.attribute[0].t)
            graph.initializer[-1].name = node.output[0]
            node.attribute[0].ClearField("t")
    drop(graph.node, _holds_tensor)
    merge_equal(graph)


def _holds_tensor(node: NodeProto) -> bool:
    return bool(node.op_type == "Constant" and node.attribute[0].name == "value")


def merge_equal(graph: GraphProto) -> None:
    """Keep the first of equal initializers, and drop those that nobody reads."""
    first: dict[tuple[Any, ...], str] = {}
    replaced: dict[str, str] = {}
    for tensor in graph.initializer:
        _to_raw(tensor)
        key = (tensor.data_type, tuple(tensor.dims), hashlib.sha256(tensor.raw_data).digest())
        replaced[tensor.name] = first.setdefault(key, tensor.name)
    rename_inputs(graph, replaced)
    drop_unread(graph)


def _to_raw(tensor: TensorProto) -> None:
    """One encoding for all, so that equal values are equal bytes."""
    if not tensor.HasField("raw_data"):
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor), tensor.name))
