"""`python -m benchmarks [SUITE...]`: speed and memory against their goals; exit code 1 where one is missed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import build_cost, engine_cost, start_cost
from benchmarks.goals import Row, report

BUILD = Path(__file__).resolve().parent.parent / "build" / "benchmarks"

SUITES: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "build": build_cost.rows,
    "start": start_cost.rows,
    "engine": engine_cost.rows,
}


def main(names: list[str]) -> int:
    """Run the suites that are named, or all."""
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        print(f"no suite {', '.join(unknown)}; there are {', '.join(SUITES)}", file=sys.stderr)
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    missed = sum(report(name, SUITES[name](BUILD)) for name in names or SUITES)
    return 1 if missed else 0


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"  # bars of libraries would run through the rows
    sys.exit(main(sys.argv[1:]))
