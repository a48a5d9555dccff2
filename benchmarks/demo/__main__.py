"""`python -m benchmarks.demo [ocr] [models]`: without a word, the story of reading pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from benchmarks.bundles import engines
from benchmarks.commands import CommandError
from benchmarks.demo import models, ocr
from benchmarks.places import BUILD, shown

FOLDER = BUILD / "demo"
STORIES: Mapping[str, Callable[[], None]] = {"ocr": ocr.tell, "models": models.tell}


def main(wanted: list[str]) -> int:
    """Tell the stories that are wanted; exit code 1 where a step fails."""
    unknown = set(wanted) - STORIES.keys()
    if unknown:
        print(f"demo: there is no {min(unknown)!r} (known: {', '.join(STORIES)})", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.chdir(FOLDER)  # so that the commands that are shown are short, and work there
    if len(engines()) == 1:
        print("There is no Python 3.10 for Paddle Lite here, so .nb artifacts are left out.\n")
    try:
        for name in wanted or ["ocr"]:
            STORIES[name]()
    except CommandError as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        return 1
    print(f"\nAll of it lies in {shown(str(FOLDER))}; with .venv/bin on PATH the commands work there.")
    return 0


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"  # bars of libraries would run through the rows
    sys.exit(main(sys.argv[1:]))
