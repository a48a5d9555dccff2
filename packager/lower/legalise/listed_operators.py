"""Which operators each converter says that it has.

Recorded from paddle2onnx 1.3.1 (`get_all_supported_operators`) and paddlelite 2.13rc0 (`Opt.print_supported_ops`), so
that a model can be judged where neither is installed; a test compares the records with the tools.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

LITE_PLACES = ("arm", "x86")
LITE_FILE = Path(__file__).with_name("lite_operators.json")
ONNX_FILE = Path(__file__).with_name("onnx_operators.json")


@cache
def lite_operators(place: str) -> frozenset[str]:
    """Paddle operators that Paddle Lite lists for the place, `arm` or `x86`."""
    return frozenset(json.loads(LITE_FILE.read_text(encoding="utf-8"))["places"][place])


@cache
def onnx_operators() -> frozenset[str]:
    """Paddle operators that paddle2onnx has a mapper for."""
    return frozenset(json.loads(ONNX_FILE.read_text(encoding="utf-8"))["operators"])
