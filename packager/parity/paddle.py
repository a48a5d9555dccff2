"""Runs Paddle programs on the samples, in a process of its own."""

from __future__ import annotations

from pathlib import Path

from edge.manifest import TensorSpec
from packager.emit.to_paddle import PaddleModel
from packager.parity.reference import Arrays, read_outputs
from packager.worker import run_worker

WORKER = "packager.parity.paddle_worker"


def run_paddle(model: PaddleModel, samples: Path, outputs: Path) -> dict[str, Arrays]:
    """What Paddle computes for every sample, by sample key; written to `outputs` on the way."""
    run_worker(WORKER, {"model": str(model.model), "samples": str(samples), "outputs": str(outputs)}, isolated=True)
    return read_outputs(outputs)


def inspect_paddle(model: PaddleModel) -> tuple[tuple[TensorSpec, ...], tuple[TensorSpec, ...]]:
    """The inputs and outputs of a Paddle model; unknown sizes are symbols."""
    found = run_worker(WORKER, {"model": str(model.model)}, isolated=True)
    inputs, outputs = (tuple(TensorSpec.from_json(s) for s in found[side]) for side in ("inputs", "outputs"))
    return inputs, outputs
