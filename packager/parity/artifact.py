"""Runs an artifact on the samples, in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from edge.manifest import TensorSpec
from packager.parity.reference import Arrays, read_outputs
from packager.worker import run_worker


def run_artifact(
    engine: str,
    file: Path,
    samples: Path,
    folder: Path,
    *,
    inputs: Sequence[TensorSpec],
    outputs: Sequence[TensorSpec],
    threads: int,
) -> Mapping[str, Arrays]:
    """What the engine computes for every sample, by sample key; written into `folder` on the way."""
    results = folder / f"{file.name}.safetensors"
    request = {
        "engine": engine,
        "artifact": str(file),
        "inputs": [spec.to_json() for spec in inputs],
        "outputs": [spec.to_json() for spec in outputs],
        "threads": threads,
        "samples": str(samples),
        "results": str(results),
    }
    run_worker("packager.parity.engine_worker", request, isolated=True)
    return read_outputs(results)
