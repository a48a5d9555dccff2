"""`python -m benchmarks.peak COMMAND...`: seconds and peak memory of a command with all its children, as JSON.

It is a small process of its own because a child's peak is never less than its parent's at the time of the fork.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.commands import CommandError
from benchmarks.places import ROOT


@dataclass(frozen=True)
class Cost:
    """Wall time in seconds, the resident bytes of the largest process, and what was said on the way."""

    seconds: float
    peak: int
    said: str


def cost(*command: str | Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run the command in a process that was small before; raises CommandError where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peak", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode != 0:
        raise CommandError(f"{command[0]}: {' '.join(done.stderr.split())[-400:]}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]), said=done.stderr)


def main(command: list[str]) -> int:
    """Run the command and say what it cost, on the last line of standard output."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
    print(json.dumps({"seconds": seconds, "peak": peak}))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
