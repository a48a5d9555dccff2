"""`python -m benchmarks [SUITE...]`: speed and memory against their goals; exit code 1 where one is missed.

Every suite renews its file in benchmarks/results/.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import artifact_speed, build_cost, engine_cost, engines, harness, ocr_peers, overhead, start_cost
from benchmarks.goals import Row, report
from benchmarks.places import BUILD
from benchmarks.quantise import suites
from benchmarks.record import write_results

SUITES: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "build": build_cost.rows,
    "start": start_cost.rows,
    "engine": engine_cost.rows,
    "speed": artifact_speed.rows,
    "engines": engines.rows,
    "harness": harness.rows,
    "overhead": overhead.rows,
    **ocr_peers.PARTS,
    **suites.PARTS,
}


def main(names: list[str]) -> int:
    """Run the suites that are named, or all."""
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        print(f"no suite {', '.join(unknown)}; there are {', '.join(SUITES)}", file=sys.stderr)
        return 2
    folder = BUILD / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    met = True
    for name in names or SUITES:
        rows = report(name, SUITES[name](folder))
        write_results(name, f"python -m benchmarks {name}", {name: rows})
        met &= all(row.met for row in rows)
    return 0 if met else 1


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"  # bars of libraries would run through the rows
    sys.exit(main(sys.argv[1:]))
