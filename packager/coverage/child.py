"""The process that builds one type: everything that it starts dies with its process group."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge.errors import EdgeError
from packager.coverage.checkpoint import write_checkpoint
from packager.coverage.road import cell_of_error, travel
from packager.coverage.row import Row, failed
from packager.coverage.types import ModelType

KIB = 1024  # the unit of ru_maxrss on Linux


def run(request: Mapping[str, Any]) -> dict[str, Any]:
    """Build the type that the request names; the reply is its Row as JSON, also where it fails."""
    one = ModelType(**request)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="edgepack-coverage-") as folder:
        scratch = Path(folder) / "built"
        scratch.mkdir()
        try:
            model = write_checkpoint(one, Path(folder) / "model")
            found = travel(model, one.task, scratch)
        except EdgeError as error:
            cell = cell_of_error(error)
            return failed(one.task, one.name, cell, seconds=_since(start), memory_bytes=_peak()).to_json()
    return Row(
        task=one.task,
        name=one.name,
        paddle=found.cells["paddle"],
        onnx=found.cells["onnx"],
        lite_arm=found.cells["lite_arm"],
        lite_x86=found.cells["lite_x86"],
        fixed=found.fixed,
        seconds=_since(start),
        memory_bytes=_peak(),
    ).to_json()


def _since(start: float) -> float:
    return round(time.monotonic() - start, 1)


def _peak() -> int:
    """Bytes that the largest process of the build had resident."""
    return KIB * max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
