"""`python -m benchmarks.shows ISSUE [ITEM...]`: rerun what an issue asks to be shown; exit 1 where a goal is missed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from benchmarks.bundles import engines
from benchmarks.goals import report
from benchmarks.shows import SHOWS

BUILD = Path(__file__).resolve().parent.parent.parent / "build" / "shows"


def main(arguments: list[str]) -> int:
    """Run the items of an issue, all of them or those that are numbered."""
    issue, *items = map(int, arguments)
    if issue not in SHOWS:
        print(f"issue {issue} has no shows yet; there are {', '.join(map(str, SHOWS))}", file=sys.stderr)
        return 2
    missed = 0
    if len(engines()) == 1:
        print("there is no interpreter with Paddle Lite, so whatever needs it is missed")
        missed += 1
    for show in SHOWS[issue]:
        if items and show.number not in items:
            continue
        folder = BUILD / str(issue) / str(show.number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        missed += report(f"{show.number}. {show.title}", show.run(folder))
    print(f"\nissue {issue}: {f'goals missed: {missed}' if missed else 'every goal is met'}")
    return 1 if missed else 0


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"  # bars of libraries would run through the rows
    sys.exit(main(sys.argv[1:]))
