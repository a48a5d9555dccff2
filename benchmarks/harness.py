"""`python -m benchmarks harness`: what our harness finds, against MLPerf's LoadGen.

Both send queries to one open session, in alternation. About five minutes.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bundles import sentences
from benchmarks.commands import CommandError
from benchmarks.goals import Row, equal, within
from benchmarks.places import ROOT
from edge.bench.statistics.early_stopping import estimate

PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
NEAR = 0.03
SCENARIOS = {"single-stream": ("p50", "p90", "rate"), "offline": ("rate",)}


def rows(folder: Path) -> Iterator[Row]:
    """Ratios of what both found in rounds next to each other, ours over LoadGen's."""
    bundle = sentences(folder)
    for scenario, figures in SCENARIOS.items():
        found = _loadgen(bundle, scenario)
        for figure in figures:
            ours, theirs = ([one[side][figure] for one in found["rounds"]] for side in ("ours", "theirs"))
            yield within(f"{scenario}, {figure} over LoadGen's", ours, theirs, NEAR)
        for one in found["estimates"]:
            title = f"early stopping of p{100 * one['share']:g} on LoadGen's {len(one['latencies'])} samples, ns"
            yield equal(title, estimate(sorted(one["latencies"]), one["share"]), one["estimate"])


def _loadgen(bundle: Path, scenario: str) -> dict[str, Any]:
    if not PEERS_PYTHON.exists():
        raise CommandError(".venv-peers is missing: run `make peers`")
    command: list[str | Path] = [PEERS_PYTHON, "-m", "benchmarks.peers.loadgen", bundle, scenario]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandError(f"LoadGen, {scenario}: {' '.join(done.stderr.split())[-400:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
