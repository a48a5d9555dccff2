"""The child that runs a Paddle program on samples, or only tells its inputs and outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packager.emit.paddle_run import PaddleRunner
from packager.parity.run_samples import run_samples


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "samples", "outputs"}`; without `samples` the model is only inspected."""
    runner = PaddleRunner(Path(request["model"]))
    if "samples" in request:
        run_samples(runner.run, Path(request["samples"]), Path(request["outputs"]))
    return {
        "inputs": [spec.to_json() for spec in runner.inputs],
        "outputs": [spec.to_json() for spec in runner.outputs],
    }
