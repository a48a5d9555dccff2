"""The records under their final name: in the order of the inputs once all are there, or as they come."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from glob import escape
from pathlib import Path

from edge.batch.journal import Journal
from edge.batch.records import Record, encode_record
from edge.errors import InputError
from edge.whole_file import check_place, refused, sync_folder, whole_file


def journal_of(path: Path) -> Path:
    """Where the journal of an output is."""
    return path.with_name(f"{path.name}.journal")


def check_output(path: Path, *, resume: bool, force: bool) -> None:
    """Raises InputError where a file is in the way."""
    check_place(path)
    if force:
        return
    if os.path.lexists(journal_of(path)) and not resume:
        raise InputError(f"{path} was begun", remedy="--resume goes on with it, --force begins anew")
    if os.path.lexists(path) and not resume:
        raise InputError(f"{path} exists", remedy="give another name, or --force")


def remove_leftovers(path: Path) -> None:
    """Remove what runs that were killed have left beside an output that nobody else writes."""
    for one in path.parent.glob(f".{escape(path.name)}.*.part"):
        one.unlink(missing_ok=True)


def is_finished(path: Path, names: Iterable[str]) -> bool:
    """Whether the output is there and has these inputs; raises InputError where it has others."""
    if not path.is_file() or journal_of(path).is_file():
        return False
    with path.open("rb") as file:
        have = {json.loads(line)["input"] for line in file}
    if have != set(names):
        raise InputError(f"{path} is finished, and has other inputs", remedy="give another name, or --force")
    return True


def write_records(journal: Journal, path: Path, names: Iterable[str] | None = None) -> None:
    """All records of the journal, in the order of `names` or in their own; whole, and on the disk."""
    with whole_file(path) as file:
        file.writelines(journal.lines(names))
    sync_folder(path.parent)


class Stream:
    """An output that grows: the records that the journal has already, then those that are added."""

    def __init__(self, journal: Journal, path: Path) -> None:
        write_records(journal, path)
        self._path = path

    def add(self, records: Sequence[Record]) -> None:
        """Show records, which the journal has; raises EnvironmentLackError where the disk refuses."""
        try:
            with self._path.open("ab") as file:
                file.write(b"".join(map(encode_record, records)))
        except OSError as error:
            raise refused(self._path, error) from error
