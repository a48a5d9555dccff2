"""The child that runs Paddle programs on samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packager.emit.paddle_run import PaddleRunner
from packager.parity.run_samples import run_samples


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"samples", "jobs": [{"model", "results"}]}`: one model after another, so that one at a time is in memory."""
    for job in request["jobs"]:
        runner = PaddleRunner(Path(job["model"]))
        run_samples(runner.run, runner.inputs, Path(request["samples"]), Path(job["results"]))
    return {}
