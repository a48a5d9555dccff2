"""Tests that hold what is to be shown: each suite is a row."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.places import ROOT


def run_suites(suites: Mapping[str, str], folder: Path) -> Iterator[Row]:
    """Run each, a path or the id of a test by its title, and quote its last line."""
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(folder / "tmp")]
    for name, path in suites.items():
        done = subprocess.run([*plain, path], cwd=ROOT, capture_output=True, text=True, check=False)
        last = (done.stdout.strip() or done.stderr.strip()).splitlines()[-1:]
        yield Row(f"{name} ({path})", "".join(last), done.returncode == 0)
