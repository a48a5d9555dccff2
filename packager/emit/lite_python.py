"""The interpreter that has paddlelite."""

from __future__ import annotations

from pathlib import Path

from packager.emit.interpreter import Interpreter

VARIABLE = "EDGEPACK_LITE_PYTHON"
LITE = Interpreter(
    VARIABLE,
    package="paddlelite",
    module="paddlelite.lite",
    oldest=0,
    remedy=f"set {VARIABLE} to a Python 3.10 with edgepack[paddlelite], or build with --engine onnxruntime",
)


def lite_python() -> Path:
    """Where it is; raises ToolError unless it imports paddlelite."""
    return LITE.path


def lite_version() -> str:
    """The version of paddlelite there."""
    return LITE.version
