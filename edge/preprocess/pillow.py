"""The one module that imports Pillow: images are decoded with it, and overlays are drawn."""

from __future__ import annotations

import importlib
from typing import Any

from edge.errors import EnvironmentLackError


def pillow(module: str = "Image") -> Any:
    """A module of Pillow by its name; raises EnvironmentLackError where Pillow is missing."""
    try:
        import PIL
    except ImportError as error:
        raise EnvironmentLackError("Pillow is not installed", remedy="pip install pillow") from error
    return importlib.import_module(f"{PIL.__name__}.{module}")
