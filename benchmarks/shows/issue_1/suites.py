"""`python -m benchmarks.shows 1 8`: the tests that hold what the documents promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.shows.suites import run_suites

SUITES: Mapping[str, str] = {
    "boundaries": "tests/test_boundaries.py",
    "wheels": "tests/test_wheels.py",
    "no telemetry": "tests/test_telemetry.py",
    "the gate sees every parameter": "tests/packager/test_blindness.py",
}


def run(folder: Path) -> Iterator[Row]:
    """Run each and quote its last line."""
    return run_suites(SUITES, folder)
