"""The device runtime: load a bundle, verify it, run it in batches, measure it.

`edge.load(path)(input)` is the door. Everything here is imported when it is first used, so `import edge` takes
milliseconds.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from edge.errors import BundleError, CheckError, EdgeError, EnvironmentLackError, InputError, SessionError
    from edge.model import Model
    from edge.results import (
        Classification,
        Detections,
        Document,
        Embedding,
        Line,
        Page,
        Result,
        Span,
        Tensors,
        Text,
        Timings,
        TokenClassification,
    )
    from edge.runtime import load

_HOMES = {
    "edge.errors": ("BundleError", "CheckError", "EdgeError", "EnvironmentLackError", "InputError", "SessionError"),
    "edge.results": (
        "Classification",
        "Detections",
        "Document",
        "Embedding",
        "Line",
        "Page",
        "Result",
        "Span",
        "Tensors",
        "Text",
        "Timings",
        "TokenClassification",
    ),
    "edge.model": ("Model",),
    "edge.runtime": ("load",),
}

__all__ = [
    "BundleError",
    "CheckError",
    "Classification",
    "Detections",
    "Document",
    "EdgeError",
    "Embedding",
    "EnvironmentLackError",
    "InputError",
    "Line",
    "Model",
    "Page",
    "Result",
    "SessionError",
    "Span",
    "Tensors",
    "Text",
    "Timings",
    "TokenClassification",
    "load",
]


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            value = getattr(importlib.import_module(module), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'edge' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
