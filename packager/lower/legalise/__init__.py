"""Rewrites a neutral program into one that an engine's converter takes and computes rightly.

Each pass is one rule about one tool; both results are still programs that Paddle runs and are measured there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from packager.lower.legalise.tanh_gelu import tanh_gelu
from packager.lower.program import Program
from packager.lower.prune import prune

Engine = Literal["onnxruntime", "paddlelite"]
Pass = Callable[[Program], Program]

PASSES: Mapping[str, tuple[Pass, ...]] = {
    "onnxruntime": (tanh_gelu,),
    "paddlelite": (tanh_gelu,),
}


def legalise(program: Program, engine: str) -> Program:
    """The program for one engine; raises UnsupportedModelError for what its converter would silently get wrong."""
    for rewrite in PASSES[engine]:
        program = rewrite(program)
    return prune(program)
