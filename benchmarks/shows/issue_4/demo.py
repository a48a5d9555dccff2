"""`python -m benchmarks.shows 4 10`: what `make demo` says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.places import ROOT

READS = "Weight 2.75 kg"
"""On the demo's page that is turned by 90 degrees."""


def run(_folder: Path) -> Iterator[Row]:
    """Its exit code, and a line of it."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.demo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(done.stdout)
    yield Row("make demo ends well", f"exit code {done.returncode}", done.returncode == 0)
    yield Row(
        f"its turned page reads {READS!r}", "it does" if READS in done.stdout else "it does not", READS in done.stdout
    )
