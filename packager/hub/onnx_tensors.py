"""Every graph and every tensor of an ONNX model, and the check that no tensor claims more than there is.

ONNX, docs/ExternalData.md: a tensor with `data_location` EXTERNAL names a file (`location`, relative to the model's
folder), and where in it (`offset`, `length`) its bytes lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper

from edge.bundle import is_inside
from packager.errors import SourceError

REMEDY = "export or download the model again"
PACKED_BITS = {
    **dict.fromkeys((TensorProto.UINT4, TensorProto.INT4, TensorProto.FLOAT4E2M1), 4),
    **dict.fromkeys((getattr(TensorProto, name, -1) for name in ("UINT2", "INT2")), 2),
}


def graphs(model: ModelProto) -> Iterator[GraphProto]:
    """The main graph, and those inside of nodes (If, Loop, Scan)."""
    waiting = [model.graph]
    nodes = [node for function in model.functions for node in function.node]
    waiting += list(_inner(nodes))
    while waiting:
        graph = waiting.pop()
        yield graph
        waiting += list(_inner(graph.node))


def nodes(model: ModelProto) -> Iterator[NodeProto]:
    """The nodes of all graphs, and of the model's own functions."""
    for graph in graphs(model):
        yield from graph.node
    for function in model.functions:
        yield from function.node


def tensors(model: ModelProto) -> Iterator[TensorProto]:
    """Initializers and attributes, sparse ones too."""
    sparse: list[Any] = []
    for graph in graphs(model):
        yield from graph.initializer
        sparse += graph.sparse_initializer
    for node in nodes(model):
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            sparse += [attribute.sparse_tensor] if attribute.HasField("sparse_tensor") else []
            sparse += attribute.sparse_tensors
    for one in sparse:
        yield one.values
        yield one.indices


def _inner(nodes: Any) -> Iterator[GraphProto]:
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield attribute.g
            yield from attribute.graphs


def external_files(model: ModelProto, label: str) -> list[str]:
    """The names of the files that hold weights; raises SourceError for one that would lead out of the folder."""
    names = {_external(tensor)["location"] for tensor in tensors(model) if is_external(tensor)}
    for name in sorted(names):
        if not is_inside(name):
            raise SourceError(f"{label} keeps weights in {name!r}, outside of its folder", remedy=REMEDY)
    return sorted(names)


def check_sizes(model: ModelProto, folder: Path, label: str) -> None:
    """Raise SourceError where a tensor's shape and its bytes disagree, or where they lie behind the end of a file."""
    sizes: dict[str, int] = {}
    for tensor in tensors(model):
        if tensor.data_type == TensorProto.STRING:
            continue
        wanted = _bytes(tensor, label)
        if is_external(tensor):
            _check_external(tensor, wanted, folder, sizes, label)
        elif tensor.HasField("raw_data") and len(tensor.raw_data) != wanted:
            raise _refused(label, tensor, f"{len(tensor.raw_data)} bytes, its shape needs {wanted}")


def is_external(tensor: TensorProto) -> bool:
    """Whether the tensor's bytes lie in another file."""
    return bool(tensor.data_location == TensorProto.EXTERNAL)


def _external(tensor: TensorProto) -> dict[str, str]:
    return {"location": "", **{entry.key: entry.value for entry in tensor.external_data}}


def _check_external(tensor: TensorProto, wanted: int, folder: Path, sizes: dict[str, int], label: str) -> None:
    said = _external(tensor)
    name = said["location"]
    if name not in sizes:
        sizes[name] = (folder / name).stat().st_size
    try:
        offset = int(said.get("offset", "0"))
        length = int(said.get("length", str(wanted)))
    except ValueError as error:
        raise _refused(label, tensor, "an offset or a length that is no number") from error
    if offset < 0 or length != wanted or offset + length > sizes[name]:
        raise _refused(
            label, tensor, f"bytes {offset} to {offset + length} of {name}, which has {sizes[name]}, and needs {wanted}"
        )


def _bytes(tensor: TensorProto, label: str) -> int:
    if any(size < 0 for size in tensor.dims):
        raise _refused(label, tensor, f"the shape {list(tensor.dims)}")
    count = math.prod(int(size) for size in tensor.dims)
    if tensor.data_type in PACKED_BITS:
        return -(-count * PACKED_BITS[tensor.data_type] // 8)
    try:
        return int(count * helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize)
    except (KeyError, ValueError) as error:
        raise _refused(label, tensor, f"the unknown type {tensor.data_type}") from error


def _refused(label: str, tensor: TensorProto, what: str) -> SourceError:
    return SourceError(f"{label}: the weight {tensor.name[:80]!r} has {what}", remedy=REMEDY)
