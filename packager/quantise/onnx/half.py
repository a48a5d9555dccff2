"""fp16: weights and what is computed are halves, inputs and outputs stay float32.

Where ONNX Runtime has no kernel for halves it converts by itself. Source: the converter in onnxruntime.transformers.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection
from pathlib import Path

import numpy as np

from edge.engines.ort import library
from packager.errors import ToolError
from packager.quantise.onnx.prepare import prepared
from packager.quantise.onnx.write import write

LARGEST = float(np.finfo(np.float16).max)


def to_half(model: Path, out: Path, *, floats: Collection[str] = ()) -> None:
    """Write `model` in halves to `out`; the nodes named in `floats` stay in float.

    Numbers beyond 65504, which fill masks, become that. Raises ToolError where the converter fails.
    """
    library()  # which reports nothing home
    from onnxruntime.quantization.onnx_model import ONNXModel
    from onnxruntime.transformers.float16 import convert_float_to_float16

    network = prepared(model)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of every number that becomes zero
            halved = convert_float_to_float16(
                network,
                max_finite_val=LARGEST,
                keep_io_types=True,
                disable_shape_infer=True,
                node_block_list=sorted(floats),
            )
    except (ValueError, RuntimeError, KeyError, TypeError, AssertionError) as error:
        raise ToolError(f"onnxruntime cannot convert {model.name} to fp16: {error}") from error
    ONNXModel(halved).topological_sort()  # it appends the casts of inputs
    write(halved, out)
