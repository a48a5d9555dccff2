"""Start a module of this package in another process, of this or of another interpreter.

The child takes this very package by its folder and nothing else from here, because another interpreter has another
numpy; and it does not look for modules in the current folder, which `python -m` would.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import edge

BOOTSTRAP = """
import sys
folder = sys.argv[1]
sys.path[:] = [entry for entry in sys.path if entry]
import importlib.util, runpy
spec = importlib.util.spec_from_file_location("edge", folder + "/__init__.py", submodule_search_locations=[folder])
sys.modules["edge"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["edge"])
runpy.run_module(sys.argv[2], run_name="__main__")
"""


def child_command(module: str, python: str = sys.executable) -> list[str]:
    """The command that runs `module` (of `edge`) as the main program of `python`."""
    return [python, "-c", BOOTSTRAP, str(Path(edge.__file__).resolve().parent), module]


def child_environment() -> dict[str, str]:
    """This environment without what would make another interpreter import this one's packages."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


@contextmanager
def private_stdout() -> Iterator[BinaryIO]:
    """The child's standard output for its replies alone; what a library prints there lands on standard error."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        yield replies
