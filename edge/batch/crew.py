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
from edge.preprocess.budget import max_pixels_within
from edge.tasks import OCR

PART = 0.75
"""Of the memory that this process may use, by default: the rest is for the system and its files."""


TOGETHER = 4
"""Threads that one reader of pages keeps busy: a second process on two cores is no faster and takes 180 MB more."""


@dataclass(frozen=True)
class Asked:
    """What a user asks for, 0 where nothing: processes, threads of each, bytes of all together."""

    workers: int = 0
    threads: int = 0
    memory: int = 0


@dataclass(frozen=True)
class Limits:
    """`workers` processes, each with `threads`, a `share` of bytes and pages of `pixels` at most; 0 bounds nothing."""

    workers: int
    threads: int
    share: int
    pixels: int


def limits(machine: Machine, task: str, asked: Asked) -> Limits:
    """What is asked, and elsewhere what suits machine and task; raises InputError where memory does not suffice."""
    budget = asked.memory or int(machine.memory_bytes * PART)
    fit = max((budget - OWN) // LEAST, 0) if budget else machine.cpus
    least = max(asked.workers, 1)
    if fit < least:
        needed = (LEAST * least + OWN) >> 20
        raise InputError(f"{least} workers need {needed} MB", remedy="give --memory more, or fewer --workers")
    wanted = -(-machine.cpus // TOGETHER) if task == OCR else machine.cpus
    count = asked.workers or min(wanted, fit)
    pixels = max_pixels_within(budget // count) if asked.memory else 0
    return Limits(count, asked.threads or max(machine.cpus // count, 1), max((budget - OWN) // count, 0), pixels)


@contextmanager
def crew(job: Job, limits: Limits, seconds: float) -> Iterator[Sequence[Place]]:
    """A place for each worker; the first has its worker, so that what cannot be loaded is known. Raises that.

    A worker may be silent for `seconds` for each input.
    """

    def start() -> WorkerProcess:
        return WorkerProcess(job, limits.threads, limits.share, limits.pixels)

    places = [Place(start, limits.share, seconds, job.batch) for _ in range(limits.workers)]
    with ExitStack() as stack:
        for place in places:
            stack.callback(place.close)
        places[0].worker()
        yield places
