"""Starts a command and kills it, or what it has started."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.support.processes import below, running

Command = Sequence[str | Path]

WORKER = "edge.batch.worker"
MOST_SYNCS = 12
NO_MORE = 30.0
"""Seconds after which a run will not come to the wait that it was to be killed in."""


def killed_after(command: Command, seconds: float, chosen: Callable[[int], Iterable[int]]) -> bool:
    """Whether the processes that are `chosen`, given the first one, were killed then: not where it was done before.

    If the first process is not among them, it is killed as long afterwards.
    """
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return False
        for one in chosen(process.pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
    return True


def killed_in_fsync(command: Command, which: int) -> bool:
    """Whether it was killed on its way into a thread's n-th wait for the disk, before it was done or had no more."""
    inject = f"inject=fsync,fdatasync:signal=SIGKILL:when={which}"
    traced = ("strace", "-f", "--quiet=all", "-o", os.devnull, "-e", "trace=fsync,fdatasync", "-e", inject, *command)
    quiet = subprocess.DEVNULL
    with subprocess.Popen(traced, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            return process.wait(NO_MORE) in (-signal.SIGKILL, 128 + signal.SIGKILL)
        except subprocess.TimeoutExpired:
            for one in all_of_them(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            return False


def all_of_them(first: int) -> list[int]:
    """The first process last: it sees the others go."""
    return [*below(first), first]


def first_alone(first: int) -> list[int]:
    """Its workers have to notice."""
    return [first]


def one_worker(first: int) -> list[int]:
    """The run has to go on without it."""
    return running(first, WORKER)[:1]


WAYS: Mapping[str, Callable[[int], Iterable[int]]] = {
    "of all processes, as by a power cut": all_of_them,
    "of the first process alone": first_alone,
    "of one worker, then of the first": one_worker,
}
IN_FSYNC = "within an fsync"


def disturb(command: Command, longest: float, chance: random.Random) -> str:
    """Kill a run in a way, and at a moment up to `longest` seconds, that chance has; how, or nothing if it was done."""
    how = chance.choice([*WAYS, IN_FSYNC])
    if how == IN_FSYNC:
        killed = killed_in_fsync(command, chance.randint(1, MOST_SYNCS))
    else:
        killed = killed_after(command, chance.uniform(0, longest), WAYS[how])
    return how if killed else ""
