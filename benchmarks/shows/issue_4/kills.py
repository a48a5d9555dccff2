"""`python -m benchmarks.shows 4 7`: kills of `edge batch` at random moments, some within the fsync of its journal."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import BIN, succeed
from benchmarks.goals import Row, at_least, equal
from benchmarks.ocr.bundles import ppocrv4
from benchmarks.ocr.made import mixed
from benchmarks.ocr.truth import truths
from benchmarks.shows.issue_4.killing import disturb

KILLS, PICTURES = 200, 300
LONGEST = 3.0
"""Seconds after which a run is killed at the latest: a part of what it needs, so that each batch has many kills."""


def run(folder: Path) -> Iterator[Row]:
    """Resume after each kill until all is read, then begin again, until there were enough kills."""
    bundle = ppocrv4(folder.parent)
    pictures = folder / "pictures"
    mixed(truths(), PICTURES, pictures)
    whole, out = folder / "undisturbed.jsonl", folder / "out.jsonl"
    succeed("edge", "batch", bundle, pictures, "-o", whole)
    expected = whole.read_bytes()
    yield equal("records of an undisturbed run", expected.count(b"\n"), PICTURES)
    command = (BIN / "edge", "batch", bundle, pictures, "-o", out, "--resume", "--chunk", "8")
    chance = random.Random(4)
    killed: Counter[str] = Counter()
    finished = wrong = 0
    while killed.total() < KILLS or not finished:
        if killed.total() >= KILLS:
            succeed("edge", *command[1:])
        elif how := disturb(command, LONGEST, chance):
            killed[how] += 1
        if out.exists():
            finished += 1
            wrong += out.read_bytes() != expected
            out.unlink()
    ways = ", ".join(f"{count} {how}" for how, count in killed.items())
    yield Row(f"kills >= {KILLS}", f"{killed.total()}: {ways}", killed.total() >= KILLS)
    yield at_least("batches that were ended after them", finished, 1)
    yield equal("those whose records differ from the undisturbed run's", wrong, 0)
