"""`python -m benchmarks.shows 4 7`: kills of `edge batch` at random moments, some within the fsync of its journal."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.commands import BIN, succeed
from benchmarks.goals import Row, at_least, equal
from benchmarks.ocr.bundles import ppocrv4
from benchmarks.ocr.made import mixed
from benchmarks.ocr.truth import truths

Command = Sequence[str | Path]

KILLS, PICTURES = 200, 300
LONGEST = 2.5
"""Seconds after which a run is killed at the latest: a part of what it needs, so that each batch has many kills."""
MOST_SYNCS = 12


def run(folder: Path) -> Iterator[Row]:
    """Resume after each kill until all is read, then begin again, until there were enough kills."""
    bundle = ppocrv4(folder)
    pictures = folder / "pictures"
    pictures.mkdir()
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
        how = chance.choice(list(WAYS)) if killed.total() < KILLS else "not at all"
        if WAYS.get(how, _let)(command, chance):
            killed[how] += 1
        if out.exists():
            finished += 1
            wrong += out.read_bytes() != expected
            out.unlink()
    ways = ", ".join(f"{count} {how}" for how, count in killed.items())
    yield Row(f"kills >= {KILLS}", f"{killed.total()}: {ways}", killed.total() >= KILLS)
    yield at_least("whole batches", finished, 1)
    yield equal("batches whose records differ from those of the undisturbed run", wrong, 0)


def _all(command: Command, chance: random.Random) -> bool:
    """Everything at once, as when the power goes."""
    return _after(command, chance, group=True)


def _first(command: Command, chance: random.Random) -> bool:
    """The process that keeps the journal; its workers have to notice."""
    return _after(command, chance, group=False)


def _in_fsync(command: Command, chance: random.Random) -> bool:
    """On its way into the n-th wait for the disk."""
    inject = f"inject=fsync,fdatasync:signal=SIGKILL:when={chance.randint(1, MOST_SYNCS)}"
    traced = ("strace", "--quiet=all", "-o", os.devnull, "-e", "trace=fsync,fdatasync", "-e", inject, *command)
    return subprocess.run(traced, capture_output=True, check=False).returncode in (
        -signal.SIGKILL,
        128 + signal.SIGKILL,
    )


def _let(command: Command, _chance: random.Random) -> bool:
    succeed("edge", *command[1:])
    return False


WAYS = {"of all processes": _all, "of the first process": _first, "in an fsync": _in_fsync}


def _after(command: Command, chance: random.Random, *, group: bool) -> bool:
    """Whether it was killed, after a random time, rather than done."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, LONGEST))
            return False
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        return process.wait() == -signal.SIGKILL
