"""The stage that turns a Paddle 3 program into ONNX. Runs in an interpreter of its own, which has paddle2onnx 2.

Only the standard library, paddle and paddle2onnx are used there. paddle2onnx may abort the process, may leave parts of
a network out without a word, and writes weights over 2 GB into the current folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

OPSET = 17
WEIGHTS = "weights.data"


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "params", "out"}`: write the ONNX file `out`, with its weights beside it where they are over 2 GB."""
    # The package makes sure that Paddle, whose library its converter links to, is loaded and new enough.
    from paddle2onnx import paddle2onnx_cpp2py_export

    upgrade, verbose, check, experimental, optimise, half = True, False, False, True, True, False
    options: tuple[Any, ...] = (upgrade, verbose, check, experimental, optimise, {}, "onnxruntime", "", WEIGHTS, half)
    converted = paddle2onnx_cpp2py_export.export(request["model"], request["params"], OPSET, *options)
    if not converted:
        raise RuntimeError("paddle2onnx made nothing of it")
    Path(request["out"]).write_bytes(converted)
    return {}
