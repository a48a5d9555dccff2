"""`python -m benchmarks.shows ISSUE [ITEM...]`: rerun what an issue asks to be shown; exit 1 where a goal is missed.

A run of all items renews the issue's file in benchmarks/results/.
"""

from __future__ import annotations

import os
import shutil
import sys

from benchmarks.bundles import engines
from benchmarks.goals import Row, report
from benchmarks.places import BUILD
from benchmarks.record import write_results
from benchmarks.shows import SHOWS


def main(arguments: list[str]) -> int:
    """Run the items of an issue, all of them or those that are numbered."""
    if not arguments or not all(one.isdigit() for one in arguments):
        print("give the number of an issue, and of its items or none: python -m benchmarks.shows 1 4", file=sys.stderr)
        return 2
    issue, *items = map(int, arguments)
    if issue not in SHOWS:
        print(f"issue {issue} has no shows yet; there are {', '.join(map(str, SHOWS))}", file=sys.stderr)
        return 2
    found: dict[str, list[Row]] = {}
    if len(engines()) == 1:
        found["set-up"] = report("set-up", [Row("an interpreter with Paddle Lite", "there is none", met=False)])
    for show in SHOWS[issue]:
        if items and show.number not in items:
            continue
        folder = BUILD / "shows" / str(issue) / str(show.number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        title = f"{show.number}. {show.title}"
        found[title] = report(title, show.run(folder))
    if not items:
        write_results(f"shows-{issue}", f"python -m benchmarks.shows {issue}", found)
    missed = sum(not row.met for rows in found.values() for row in rows)
    print(f"\nissue {issue}: {f'goals missed: {missed}' if missed else 'every goal is met'}")
    return 1 if missed else 0


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"  # bars of libraries would run through the rows
    sys.exit(main(sys.argv[1:]))
