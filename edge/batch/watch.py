"""A resident batch: files that arrive in an inbox are read once, one by one, until somebody wants it to end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from edge.batch.inbox import FAILURE, Inbox
from edge.batch.place import Place
from edge.batch.records import Record, encode_record, is_failure
from edge.batch.render import content_of
from edge.batch.run import run
from edge.batch.stop import Stop
from edge.formats import format_named
from edge.gather import Given, gather

EVERY = 0.5
"""Seconds between two looks; a look at an empty folder costs microseconds, and sees network folders, too."""


class Arrived(list[Given]):
    """The inputs of one file, which lies at `path`: itself, or the lines of a text."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        where, name = str(path), path.name
        super().__init__(Given(name + one.name.removeprefix(where), one.value) for one in gather(kind, [where], ()))


def watch(
    inbox: Path,
    outbox: Path,
    places: Sequence[Place],
    stop: Stop,
    say: Callable[[str, Sequence[Record]], None],
    form: str = "",
) -> None:
    """Read what arrives until `stop`; `say` hears the name and the records of each file that was handed over.

    Where `form` is a format, results are files of it, else records; failures always are records.

    Raises InputError where the folders cannot be used, EnvironmentLackError where the disk refuses, and what loading a
    worker raises. A file that was not handed over is read by the next run.
    """
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # see Arriving
    kind = places[0].worker().kind
    suffix = format_named(form).suffix if form else FAILURE
    with closing(Inbox(inbox, outbox, suffix)) as box:

        def keep(file: Arrived, records: Sequence[Record]) -> None:
            plain = [_named(record, file.path) for record in records]
            if any(map(is_failure, plain)):
                box.hand_over(file.path, b"".join(map(encode_record, plain)), failed=True)
            else:
                made = [content_of(one["result"]) for one in plain] if suffix != FAILURE else map(encode_record, plain)
                box.hand_over(file.path, b"".join(made), suffix)
            say(file.path.name, plain)

        run(_arrivals(box, kind, stop, len(places)), places, keep, stop)


def _arrivals(box: Inbox, kind: str, stop: Stop, most: int) -> Iterator[Arrived]:
    while not stop():
        taken = box.take(most)
        yield from (Arrived(path, kind) for path in taken)
        if not taken:
            stop.wait(EVERY)


def _named(record: Record, path: Path) -> Record:
    """The record without the place where the file was while it was read."""
    if "error" not in record:
        return record
    return {**record, "error": record["error"].replace(str(path), path.name)}
