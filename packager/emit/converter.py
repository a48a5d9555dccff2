"""paddle2onnx's C++ converter, loaded from its file: the package's `__init__` would import the whole of Paddle."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

from packager.errors import ToolError

EXTENSION = "paddle2onnx_cpp2py_export"


@cache
def converter() -> ModuleType:
    """The extension module with `export`; raises ToolError where paddle2onnx is not installed."""
    package = importlib.util.find_spec("paddle2onnx")
    folders = (package.submodule_search_locations or []) if package else []
    for folder in folders:
        for file in sorted(Path(folder).glob(f"{EXTENSION}*.so")):
            spec = importlib.util.spec_from_file_location(EXTENSION, file)
            if spec and spec.loader:
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
                return module
    raise ToolError("paddle2onnx is not installed", remedy="pip install 'edgepack[packager]'")
