"""Runs Paddle programs on the samples, in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from packager.emit.to_paddle import PaddleModel
from packager.parity.reference import Arrays, read_outputs
from packager.worker import run_worker


def run_paddle(models: Mapping[str, PaddleModel], samples: Path, folder: Path) -> dict[str, dict[str, Arrays]]:
    """What Paddle computes for every sample, by model and sample key; written into `folder` on the way."""
    results = {name: folder / f"paddle-{name}.safetensors" for name in models}
    jobs = [{"model": str(model.model), "results": str(results[name])} for name, model in models.items()]
    run_worker("packager.parity.paddle_worker", {"samples": str(samples), "jobs": jobs}, isolated=True)
    return {name: read_outputs(file) for name, file in results.items()}
