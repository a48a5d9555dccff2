"""Static int8: scales of activations from calibration, Q/DQ pairs around what integers pass through.

Weights are S8 with a scale for each channel. Source: onnxruntime.quantization, which places the pairs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from onnx import ModelProto

from edge.engines.ort import library
from packager.errors import ToolError, UnsupportedModelError
from packager.quantise.onnx.compact import compact
from packager.quantise.onnx.places import KINDS, float_anyway
from packager.quantise.onnx.prepare import prepared, save
from packager.quantise.onnx.ranges import find_ranges
from packager.quantise.onnx.readers import spare_readers
from packager.quantise.onnx.tables import quantise_tables
from packager.quantise.onnx.write import write

ROUNDED = "QuantizeLinear"


def quantise_static(
    model: Path, feeds: Path, out: Path, *, activations: str, method: str, floats: Collection[str] = ()
) -> None:
    """Write `model` with int8 weights and `activations` (u8 or s8) to `out`.

    `method` is min-max, entropy, percentile or mse; the nodes named in `floats` stay in float. Raises InputError for
    feeds that give no finite ranges, UnsupportedModelError where nothing can be quantised, ToolError where
    onnxruntime's quantiser fails.
    """
    with tempfile.TemporaryDirectory(prefix="static-") as scratch:
        ready, network = Path(scratch) / "model.onnx", prepared(model)
        save(network, ready)
        ranges = find_ranges(ready, feeds, method, KINDS)
        kept = [*floats, *float_anyway(network.graph)]
        quantised = _quantised(network, ranges, activations, kept, model.name)
    if not any(node.op_type == ROUNDED for node in quantised.graph.node):
        raise UnsupportedModelError(
            f"{model.name} has no layer that can be quantised with scales of activations",
            remedy="keep fewer nodes in float, or build it with --precision fp16 or fp32",
        )
    spare_readers(quantised.graph, kept)
    quantise_tables(quantised.graph, floats)
    compact(quantised.graph)
    write(quantised, out)


def _quantised(network: ModelProto, ranges: object, activations: str, kept: list[str], name: str) -> ModelProto:
    library()  # which reports nothing home
    from onnxruntime.quantization import QuantType
    from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

    kinds = {"u8": QuantType.QUInt8, "s8": QuantType.QInt8}
    # What reads a product in integers has a pair of its own; what reads it in float loses nothing.
    options = {"MatMulConstBOnly": True, "OpTypesToExcludeOutputQuantization": ["MatMul", "Gemm"]}
    try:
        quantizer = QDQQuantizer(
            network,
            per_channel=True,
            reduce_range=False,
            weight_qType=QuantType.QInt8,
            activation_qType=kinds[activations],
            tensors_range=ranges,
            nodes_to_quantize=[],
            nodes_to_exclude=kept,
            op_types_to_quantize=sorted(KINDS),
            extra_options=options,
        )
        quantizer.quantize_model()
        quantizer.model.topological_sort()
    except (ValueError, RuntimeError, KeyError, TypeError, AssertionError) as error:
        raise ToolError(f"onnxruntime cannot quantise {name}: {error}") from error
    made: ModelProto = quantizer.model.model
    return made
