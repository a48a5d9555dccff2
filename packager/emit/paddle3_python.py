"""The interpreter that has paddle2onnx 2, which alone reads Paddle 3's format; the build itself needs 1.3.1."""

from __future__ import annotations

from packager.emit.interpreter import Interpreter

VARIABLE = "EDGEPACK_PADDLE3_PYTHON"
PADDLE3 = Interpreter(
    VARIABLE,
    package="paddle2onnx",
    module="paddle2onnx",
    oldest=2,
    remedy=f"set {VARIABLE} to an interpreter with paddle2onnx 2 and paddlepaddle 3, "
    "or export the model with FLAGS_enable_pir_api=0",
)
