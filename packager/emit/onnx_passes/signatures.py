"""Inputs and outputs as the program declares them: names, dtypes, numbers and shared symbols.

Why: paddle2onnx gives each unknown dimension a symbol of its own, some outputs wrong sizes (0 for a transposed
convolution's), and intermediate values shapes that hold for one input only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import GraphProto, ValueInfoProto, helper

from edge.manifest import TensorSpec
from packager.errors import ToolError


def sign(graph: GraphProto, inputs: Sequence[TensorSpec], outputs: Sequence[TensorSpec]) -> None:
    """Write the specs into the graph and drop all other claims; raises ToolError where the names differ."""
    for what, values, specs in (("inputs", graph.input, inputs), ("outputs", graph.output, outputs)):
        found, expected = [value.name for value in values], [spec.name for spec in specs]
        if sorted(found) != sorted(expected):
            raise ToolError(f"paddle2onnx made the {what} {found} of {expected}")
        del values[:]
        values.extend(_value(spec) for spec in specs)
    del graph.value_info[:]


def _value(spec: TensorSpec) -> ValueInfoProto:
    # A 0-d tensor has shape (1,) in Paddle's legacy programs and in all that is made of them.
    dtype = helper.np_dtype_to_tensor_dtype(np.dtype(spec.dtype))
    return helper.make_tensor_value_info(spec.name, dtype, spec.shape or (1,))
