"""How many workers there are, and what each may use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from edge.batch.job import Job
from edge.batch.memory import LEAST, OWN
from edge.batch.place import Place
from edge.batch.worker_process import WorkerProcess
from edge.errors import InputError
from edge.machine import Machine

PART = 0.75
"""Of the memory that this process may use, by default: the rest is for the system and its files."""


@dataclass(frozen=True)
class Limits:
    """`workers` processes with `threads` and `share` bytes each; one may be silent for `seconds` an input."""

    workers: int
    threads: int
    share: int
    seconds: float


def limits(machine: Machine, *, workers: int = 0, threads: int = 0, memory: int = 0, seconds: float) -> Limits:
    """What is asked, and where it is 0 what suits the machine; raises InputError where memory does not suffice."""
    budget = (memory or int(machine.memory_bytes * PART)) - OWN
    fit = max(budget // LEAST, 0) if machine.memory_bytes or memory else machine.cpus
    if fit < max(workers, 1):
        needed = (LEAST * max(workers, 1) + OWN) >> 20
        raise InputError(f"{max(workers, 1)} workers need {needed} MB", remedy="give --memory more, or fewer --workers")
    count = workers or min(machine.cpus, fit)
    return Limits(count, threads or max(machine.cpus // count, 1), max(budget // count, 0), seconds)


@contextmanager
def crew(job: Job, limits: Limits) -> Iterator[Sequence[Place]]:
    """A place for each worker; the first has its worker, so that what cannot be loaded is known. Raises that."""

    def start() -> WorkerProcess:
        return WorkerProcess(job, limits.threads, limits.share)

    places = [Place(start, limits.share, limits.seconds, job.batch) for _ in range(limits.workers)]
    with ExitStack() as stack:
        for place in places:
            stack.callback(place.close)
        places[0].worker()
        yield places
