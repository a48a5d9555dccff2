"""Which layers of a Paddle program suffer most from static int8."""

from __future__ import annotations

import math
from pathlib import Path

from edge.quantisation import SensitivityRecord
from packager.emit.to_paddle import PaddleModel
from packager.quantise.sensitive import CALLS, WORST
from packager.worker import run_worker

WORKER = "packager.quantise.lite.sensitive_worker"
MOST_PARTS = 24


def sensitive_layers(model: PaddleModel, feeds: Path, folder: Path) -> tuple[SensitivityRecord, ...]:
    """Layers that follow each other, by their output variables, with the error when they alone are int8; worst first.

    The error is that of `packager.quantise.improve.sensitivity`. Raises what `static_int8` raises.
    """
    request = {
        "model": str(model.model),
        "params": str(model.params),
        "feeds": str(feeds),
        "folder": str(folder),
        "calls": CALLS,
        "parts": MOST_PARTS,
    }
    parts = run_worker(WORKER, request, isolated=True)["parts"]
    found = (
        SensitivityRecord(nodes=tuple(nodes), error=float(f"{error:.4g}") if math.isfinite(error) else WORST)
        for nodes, error in parts
    )
    return tuple(sorted(found, key=lambda one: -one.error))
