"""Finds the interpreter that has paddlelite, and makes sure that it works."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from packager.errors import ToolError

VARIABLE = "EDGEPACK_LITE_PYTHON"
REMEDY = f"set {VARIABLE} to a Python 3.10 with edgepack[paddlelite], or build with --engine onnxruntime"


def lite_python() -> Path:
    """The interpreter named by EDGEPACK_LITE_PYTHON, else this one; raises ToolError unless it imports paddlelite."""
    return _checked(os.environ.get(VARIABLE) or sys.executable)[0]


def lite_version() -> str:
    """The version of paddlelite in `lite_python()`."""
    return _checked(os.environ.get(VARIABLE) or sys.executable)[1]


@cache
def _checked(interpreter: str) -> tuple[Path, str]:
    command = [interpreter, "-c", "import paddlelite.lite, importlib.metadata as m; print(m.version('paddlelite'))"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)  # noqa: S603 (the user names it)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"the interpreter {interpreter} does not start: {error}", remedy=REMEDY) from error
    if done.returncode != 0:
        raise ToolError(f"the interpreter {interpreter} has no paddlelite", remedy=REMEDY)
    return Path(interpreter), done.stdout.decode().strip()
