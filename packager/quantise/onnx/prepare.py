"""A network as onnxruntime's quantisers want it: an operator set with scales per channel, every type known."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import ModelProto

from packager.emit.onnx_limits import DATA_SUFFIX
from packager.errors import UnsupportedModelError
from packager.quantise.onnx.opened import open_attention

PER_CHANNEL = 13
"""The first operator set whose DequantizeLinear has a scale for each channel."""
OPSET = 17


def prepared(model: Path) -> ModelProto:
    """The network of a file, ready to be quantised; nodes keep their names, and get one where they have none.

    Raises UnsupportedModelError where the operator set is too old and cannot be raised.
    """
    network = _raised(onnx.load(model), model.name)
    for number, node in enumerate(network.graph.node):
        node.name = node.name or f"{node.op_type}.{number}"
    open_attention(network.graph)
    typed = _typed(network)
    # A device is told the names of sizes as they were.
    del typed.graph.output[:]
    typed.graph.output.extend(network.graph.output)
    return typed


def save(network: ModelProto, out: Path) -> None:
    """Write it for a quantiser, weights of over 2 GB into `OUT.data`."""
    if network.ByteSize() < onnx.checker.MAXIMUM_PROTOBUF:
        onnx.save_model(network, out)
    else:
        onnx.save_model(network, out, save_as_external_data=True, location=f"{out.name}{DATA_SUFFIX}")


def _raised(network: ModelProto, name: str) -> ModelProto:
    version = next(entry.version for entry in network.opset_import if entry.domain in ("", "ai.onnx"))
    if version >= PER_CHANNEL:
        return network
    try:
        return onnx.version_converter.convert_version(network, OPSET)
    except (RuntimeError, ValueError) as error:
        raise UnsupportedModelError(
            f"{name} has operator set {version}, whose weights have no scale per channel",
            remedy=f"export it with operator set {PER_CHANNEL} or later",
        ) from error


def _typed(network: ModelProto) -> ModelProto:
    """With every type known. What onnx finds out is enough where it knows all operators, and is quick.

    ONNX Runtime's own are known to its symbolic inference alone, which takes half a minute for a network of open
    heights and widths. Where that is not complete the current folder gets a file of it: quantisers run in a folder of
    their own.
    """
    typed = onnx.shape_inference.infer_shapes(network)
    known = {value.name for value in (*typed.graph.value_info, *typed.graph.output) if value.type.tensor_type.elem_type}
    if all(name in known for node in typed.graph.node for name in node.output if name):
        return typed
    from onnxruntime.tools.symbolic_shape_infer import SymbolicShapeInference

    try:
        symbolic = SymbolicShapeInference.infer_shapes(network, auto_merge=True, guess_output_rank=True)
    except Exception:  # noqa: BLE001 (it gives up in many ways; what onnx finds out is then enough for a part)
        symbolic = None
    return symbolic or typed
