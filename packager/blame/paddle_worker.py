"""The child that writes a program as a Paddle model and runs it: one start of Paddle for both."""

from __future__ import annotations

from typing import Any

from packager.emit import paddle_worker as emit
from packager.parity import paddle_worker as parity


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"program", "model", "samples", "results"}`: see both workers."""
    emit.run({"jobs": [request]})
    parity.run({"samples": request["samples"], "jobs": [request]})
    return {}
