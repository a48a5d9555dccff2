"""Start a module of ours in another process, of this or of another interpreter.

The child takes the package by its very folder and nothing else from here, because another interpreter has another
numpy; and it does not look for modules in the current folder, which `python -m` would: that may be a stranger's model.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import edge

BOOTSTRAP = """
import sys
folders, module = sys.argv[1], sys.argv[2]
del sys.argv[1:3]
sys.path[:] = [entry for entry in sys.path if entry]
import importlib.util, os, runpy
for folder in folders.split(os.pathsep):
    name = os.path.basename(folder)
    spec = importlib.util.spec_from_file_location(name, folder + "/__init__.py", submodule_search_locations=[folder])
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
runpy.run_module(module, run_name="__main__")
"""


def child_command(
    module: str, python: str = sys.executable, *, packages: tuple[ModuleType, ...] = (edge,)
) -> list[str]:
    """The command that runs `module` (of one of `packages`) as the main program of `python`; it may be extended."""
    folders = os.pathsep.join(str(Path(package.__path__[0]).resolve()) for package in packages)
    return [python, "-c", BOOTSTRAP, folders, module]


def child_environment(start: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`start` without what would make another interpreter import this one's packages."""
    return {name: value for name, value in start.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


@contextmanager
def private_stdout() -> Iterator[BinaryIO]:
    """The child's standard output for its replies alone; what a library prints there lands on standard error."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        yield replies
