"""Finds the interpreter that has paddlelite, and makes sure that it works."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from edge.child import child_environment
from packager.errors import ToolError

VARIABLE = "EDGEPACK_LITE_PYTHON"
# Not from the current folder, which may be a stranger's model.
PROBE = """
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import paddlelite.lite, importlib.metadata
print(importlib.metadata.version("paddlelite"))
"""
REMEDY = f"set {VARIABLE} to a Python 3.10 with edgepack[paddlelite], or build with --engine onnxruntime"


def lite_python() -> Path:
    """The interpreter named by EDGEPACK_LITE_PYTHON, else this one; raises ToolError unless it imports paddlelite."""
    return _checked(os.environ.get(VARIABLE) or sys.executable)[0]


def lite_version() -> str:
    """The version of paddlelite in `lite_python()`."""
    return _checked(os.environ.get(VARIABLE) or sys.executable)[1]


@cache
def _checked(interpreter: str) -> tuple[Path, str]:
    env = dict(os.environ) if interpreter == sys.executable else child_environment()
    try:
        done = subprocess.run(  # noqa: S603 (the user names it)
            [interpreter, "-c", PROBE], capture_output=True, check=False, timeout=60, env=env
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"the interpreter {interpreter} does not start: {error}", remedy=REMEDY) from error
    if done.returncode != 0:
        raise ToolError(f"the interpreter {interpreter} has no paddlelite", remedy=REMEDY)
    return Path(interpreter), done.stdout.decode().strip()
