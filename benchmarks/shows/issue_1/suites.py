"""`python -m benchmarks.shows 1 8`: the tests that hold what the documents promise."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.places import ROOT

SUITES: Mapping[str, str] = {
    "boundaries": "tests/test_boundaries.py",
    "wheels": "tests/test_wheels.py",
    "no telemetry": "tests/test_telemetry.py",
    "the gate sees every parameter": "tests/packager/test_blindness.py",
}


def run(folder: Path) -> Iterator[Row]:
    """Run each and quote its last line."""
    for name, path in SUITES.items():
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--basetemp",
            str(folder / "tmp"),
            path,
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        last = (done.stdout.strip() or done.stderr.strip()).splitlines()[-1:]
        yield Row(f"{name} ({path})", "".join(last), done.returncode == 0)
