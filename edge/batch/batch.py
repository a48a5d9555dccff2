"""One batch from its inputs to its output, which a kill or a power cut at any moment only delays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from edge.batch.inputs import chunks, once
from edge.batch.job import Job
from edge.batch.journal import Journal
from edge.batch.output import Stream, is_finished, journal_of, remove_leftovers, write_records
from edge.batch.place import Chunk, Place
from edge.batch.progress import Progress
from edge.batch.records import Record, failed, is_failure
from edge.batch.run import run
from edge.batch.stop import Stop
from edge.errors import InputError
from edge.gather import Given

Inputs = Callable[[], Iterable[Given]]


@dataclass(frozen=True)
class Summary:
    """What a run did: `inputs` of the batch, how many have a record, how many of these are failures.

    `read` were read in this run, in `seconds`, and so many workers `replaced` that had died or grown; `stopped` is the
    signal that ended it early, or 0.
    """

    inputs: int
    records: int
    failed: int
    read: int
    seconds: float
    replaced: int = 0
    stopped: int = 0


def batch(
    job: Job, inputs: Inputs, output: Path, places: Sequence[Place], stop: Stop, *, streamed: bool, anew: bool
) -> Summary:
    """Read what has no record yet, then write the output; with `streamed` it grows meanwhile.

    `inputs` gives the same inputs each time that it is called. Raises InputError where the output is another batch's,
    EnvironmentLackError where the disk refuses, and what loading a worker raises; the journal keeps what was read.
    """
    names = [one.name for one in once(inputs())]
    if not anew and is_finished(output, names):
        return Summary(len(names), len(names), _failures(output.read_bytes().splitlines()), 0, 0.0)
    with closing(Journal(journal_of(output), job, anew=anew)) as journal:
        remove_leftovers(output)
        wanted = set(names)
        if strangers := journal.names.keys() - wanted:
            raise InputError(
                f"{journal.path} has records of other inputs, as of {min(strangers)}",
                remedy="give the same inputs again, or --force to begin anew",
            )
        progress = Progress(len(names), before=len(journal.names), failed=_failures(journal.lines()))
        stream = Stream(journal, output) if streamed else None

        def keep(_chunk: Chunk, records: Sequence[Record]) -> None:
            journal.append(records)
            if stream:
                stream.add(records)
            progress.add(records)

        before = len(journal.names)
        try:
            run(chunks(inputs, job.chunk, frozenset(journal.names)), places, keep, stop)
            if not stop():
                gone = [name for name in names if name not in journal.names]
                if gone:
                    keep([], [failed(name, InputError(f"{name} was gone when its turn came")) for name in gone])
        finally:
            progress.clear()
        read, seconds = len(journal.names) - before, progress.seconds
        if not stop():
            if not streamed:
                write_records(journal, output, names)
            journal.remove()
        return Summary(
            len(names), progress.done, progress.failed, read, seconds, sum(one.replaced for one in places), stop.signal
        )


def _failures(lines: Iterable[bytes]) -> int:
    return sum(is_failure(json.loads(line)) for line in lines)
