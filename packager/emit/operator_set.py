"""Raises a model's operator set to the first one that our passes read.

RapidOCR ships PP-OCRv6 with operator set 11, whose only differences to 13 are where a few operators have their axes.
"""

from __future__ import annotations

from onnx import ModelProto

# From here on Squeeze, Unsqueeze and the reductions have their axes where the passes look for them.
READABLE = 13
# What our packager writes itself: passes may use its operators.
OURS = 17
# What is older has operators that were taken out, whose replacement needs shapes.
OLDEST = 11
# onnx's converter passes a model on as one message.
LARGEST = 1_000_000_000


def operator_set(model: ModelProto) -> int:
    """The version of ONNX's own operators; 0 where the model has none."""
    return next((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), 0)


def raised(model: ModelProto) -> ModelProto:
    """The same model with operator set OURS, where it is slightly too old for our passes; else the model itself."""
    plain = len(model.opset_import) == 1 and not model.functions and not model.graph.sparse_initializer
    if not (plain and OLDEST <= operator_set(model) < READABLE and model.ByteSize() < LARGEST):
        return model
    from onnx import version_converter

    try:
        return version_converter.convert_version(model, OURS)
    except (RuntimeError, ValueError):  # it needs a shape that is not known, or an operator that it does not know
        return model
