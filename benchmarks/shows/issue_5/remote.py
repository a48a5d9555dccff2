"""`python -m benchmarks.shows 5 4`: latency that a device measured, over SSH or in a record of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.shows.suites import run_suites

SUITES: Mapping[str, str] = {
    "bundles measured through an SSH server on loopback": "tests/packager/quantise/judge/test_remote.py",
    "records that a device wrote": "tests/packager/quantise/judge/test_record.py",
    "choosing by what the device measured": "tests/packager/quantise/test_clock.py",
}


def run(folder: Path) -> Iterator[Row]:
    """The tests that hold it."""
    yield from run_suites(SUITES, folder)
