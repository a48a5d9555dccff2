"""The host's libraries are an extra: a bare installation has the device's part only."""

from __future__ import annotations

from importlib.util import find_spec

from packager.errors import ToolError

# Distribution name to the module that it installs.
PACKAGES = {
    "huggingface_hub": "huggingface_hub",
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "paddle2onnx": "paddle2onnx",
    "paddlepaddle": "paddle",
    "safetensors": "safetensors",
    "tokenizers": "tokenizers",
    "torch": "torch",
    "transformers": "transformers",
}
REMEDY = "install the host's part: pip install 'edgepack[packager]'"


def need_extra() -> None:
    """Raises ToolError naming what a build needs and is not installed; imports nothing."""
    missing = [name for name, module in PACKAGES.items() if find_spec(module) is None]
    if missing:
        raise ToolError(f"building needs {', '.join(missing)}, not installed here", remedy=REMEDY)
