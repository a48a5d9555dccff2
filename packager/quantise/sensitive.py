"""Which parts of an ONNX network suffer most from static int8."""

from __future__ import annotations

import math
from pathlib import Path

from edge.quantisation import SensitivityRecord
from packager.worker import run_worker

CALLS = 16
"""Feeds that each part is run on; there are two dozen parts."""
WORST = 1e6
"""Stands for an infinite error: JSON has none."""


def sensitive_parts(fp32: Path, quantised: Path, feeds: Path, folder: Path) -> tuple[SensitivityRecord, ...]:
    """Parts of the network `fp32` with the error of each when it alone is as in `quantised`, worst first.

    Raises what running the network raises.
    """
    request = {
        "fp32": str(fp32),
        "quantised": str(quantised),
        "feeds": str(feeds),
        "folder": str(folder),
        "calls": CALLS,
    }
    reply = run_worker("packager.quantise.sensitive_worker", request, isolated=True)
    return tuple(
        SensitivityRecord(
            nodes=tuple(one["nodes"]),
            error=float(f"{one['error']:.4g}") if math.isfinite(one["error"]) else WORST,
        )
        for one in reply["parts"]
    )
