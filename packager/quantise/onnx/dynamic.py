"""Dynamic int8: products with weights take their input's scale from the input itself, in every call.

No calibration is needed, and the scales fit, at the price of finding them; convolutions stay in float, since
ConvInteger is slower than what it replaces. Weights are S8 with a scale for each column.

What comes from an activation function reaches far in few places, and one scale for all loses the rest: such products
are quantised by blocks, which halves the error of MiniLM and is a fifth slower.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Collection
from pathlib import Path

import onnx
from onnx import GraphProto

from edge.engines.ort import library
from packager.emit.onnx_passes.reading import Reading
from packager.errors import ToolError, UnsupportedModelError
from packager.quantise.onnx.blocks import by_blocks
from packager.quantise.onnx.prepare import prepared, save
from packager.quantise.onnx.tables import quantise_tables
from packager.quantise.onnx.write import write

KINDS = ["MatMul"]
"""Products of a Gemm become one of these."""
PRODUCT = "MatMulInteger"
FUNCTIONS = frozenset({"Mul", "Gelu", "FastGelu", "QuickGelu", "Relu", "HardSwish", "Softplus"})
"""What ends a GELU, SiLU or another function that has no bound above."""


def quantise_dynamic(model: Path, out: Path, *, floats: Collection[str] = ()) -> None:
    """Write `model` with int8 products to `out`; the nodes named in `floats` stay in float.

    Raises UnsupportedModelError where no product has weights, ToolError where onnxruntime's quantiser fails.
    """
    library()  # which reports nothing home
    from onnxruntime.quantization import QuantType
    from onnxruntime.quantization import quantize_dynamic as quantise

    with tempfile.TemporaryDirectory(prefix="dynamic-") as scratch:
        ready, made = Path(scratch) / "model.onnx", Path(scratch) / "int8.onnx"
        network = prepared(model)
        blocks = by_blocks(network, after_functions(network.graph) - set(floats))
        save(network, ready)
        try:
            quantise(
                ready,
                made,
                op_types_to_quantize=KINDS,
                per_channel=True,
                weight_type=QuantType.QInt8,
                # A Gemm's product is named after it.
                nodes_to_exclude=[name for one in floats for name in (one, f"{one}_MatMul")],
                use_external_data_format=ready.with_name(f"{ready.name}.data").exists(),
            )
        except (ValueError, RuntimeError, KeyError, TypeError, AssertionError) as error:
            raise ToolError(f"onnxruntime cannot quantise {model.name}: {error}") from error
        network = onnx.load(made)
    if not blocks and not any(node.op_type == PRODUCT for node in network.graph.node):
        raise UnsupportedModelError(
            f"{model.name} has no product with weights that can be quantised without calibration",
            remedy="give --calibration for static int8, or keep fewer nodes in float",
        )
    quantise_tables(network.graph, floats)
    write(network, out)


def after_functions(graph: GraphProto) -> set[str]:
    """The products whose input an activation function makes; what was smoothed behind it needs no blocks any more."""
    reading = Reading(graph)
    found = set[str]()
    for node in graph.node:
        if node.op_type in {"MatMul", "Gemm"}:
            maker = reading.made.get(node.input[0])
            while maker is not None and maker.op_type == "Reshape":
                maker = reading.made.get(maker.input[0])
            smoothed = maker is not None and any(math.prod(reading.dims(name)) > 1 for name in maker.input)
            if maker is not None and maker.op_type in FUNCTIONS and not smoothed:
                found.add(node.name)
    return found
