"""`python -m benchmarks.shows 1 1`: the two targets that a newcomer types first."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.places import ROOT


def run(folder: Path) -> Iterator[Row]:
    """Run both; what they print is kept in the folder."""
    # A make inside a make would join the outer one's job server.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    for target in ("demo", "test"):
        start = time.perf_counter()
        log = folder / f"{target}.log"
        with log.open("wb") as file:
            done = subprocess.run(
                ["make", target], cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT, check=False
            )
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        figure = f"exit code {done.returncode} after {time.perf_counter() - start:.0f} s: {''.join(last).strip('= ')}"
        yield Row(f"make {target}", figure, done.returncode == 0)
