"""`python -m benchmarks.shows ISSUE [ITEM...]`: rerun what an issue asks to be shown; exit 1 where a goal is missed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.shows import SHOWS
from benchmarks.shows.row import Row, Show

BUILD = Path(__file__).resolve().parent.parent.parent / "build" / "shows"


def main(arguments: list[str]) -> int:
    """Run the items of an issue, all of them or those that are numbered."""
    issue, *items = map(int, arguments)
    if issue not in SHOWS:
        print(f"issue {issue} has no shows yet; there are {', '.join(map(str, SHOWS))}", file=sys.stderr)
        return 2
    missed = 0
    for show in SHOWS[issue]:
        if items and show.number not in items:
            continue
        print(f"\n{show.number}. {show.title}", flush=True)
        for row in _rows(show, BUILD / str(issue) / str(show.number)):
            missed += not row.met
            print(f"   {'met   ' if row.met else 'MISSED'}  {row.goal}: {row.figure}", flush=True)
    print(f"\nissue {issue}: {'every goal is met' if not missed else f'{missed} goals are missed'}")
    return 1 if missed else 0


def _rows(show: Show, folder: Path) -> Iterator[Row]:
    """The show's rows; what it raises is a missed goal, and the next show still runs."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield from show.run(folder)
    except Exception as error:  # noqa: BLE001 (whatever went wrong, the goal is missed)
        yield Row("the show runs to its end", f"{type(error).__name__}: {error}", met=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
