"""The child that runs an artifact on the samples, through the device's own engine door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edge.engines import open_session
from edge.manifest import TensorSpec
from packager.parity.run_samples import run_samples


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Write what `engine` makes of `samples` with `artifact` to `results`."""
    inputs, outputs = (tuple(TensorSpec.from_json(s) for s in request[side]) for side in ("inputs", "outputs"))
    session = open_session(
        request["engine"], Path(request["artifact"]), inputs=inputs, outputs=outputs, threads=request["threads"]
    )
    try:
        run_samples(session.run, inputs, Path(request["samples"]), Path(request["results"]))
    finally:
        session.close()
    return {}
