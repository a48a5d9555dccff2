"""The journal of a batch: records by the chunk, each chunk on the disk before the next one is begun.

A frame is a line `#CRC LENGTH` and LENGTH bytes of records, one JSON object a line. The first frame holds the job. What
a power cut left of a frame has another CRC, and is cut off when the journal is opened again.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from edge.batch.job import Job
from edge.batch.records import Record, encode_record
from edge.errors import InputError
from edge.plain_json import parse_json
from edge.whole_file import refused, sync_folder

FRAME = re.compile(rb"#([0-9a-f]{8}) ([0-9]{1,12})\n")
HEAD_LIMIT = 32


class Journal:
    """An open journal, which no other process can open meanwhile; `names` are the inputs that have a record."""

    def __init__(self, path: Path, job: Job, *, anew: bool = False) -> None:
        """Make the journal, or go on with the one that is there, unless it is to be begun anew.

        Raises InputError where it is another job's or in use, EnvironmentLackError where the disk refuses.
        """
        self.path = path
        self._places: dict[str, tuple[int, int]] = {}
        with _translating(path):
            self._file: BinaryIO = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b")
        try:
            self._lock()
            with _translating(path):
                if anew:
                    self._file.truncate(0)
                self._end = self._recover(job)
        except BaseException:
            self._file.close()
            raise

    @property
    def names(self) -> Mapping[str, Any]:
        """The inputs that have a record."""
        return self._places

    def append(self, records: Sequence[Record]) -> None:
        """Write records and wait until the disk has them; raises EnvironmentLackError where it refuses."""
        lines = [encode_record(record) for record in records]
        start = self._append(b"".join(lines))
        self._remember((str(record["input"]) for record in records), lines, start)

    def lines(self, names: Iterable[str] | None = None) -> Iterator[bytes]:
        """The records as lines, in the order of `names`, or in that in which they were written."""
        for name in self._places if names is None else names:
            start, length = self._places[name]
            yield os.pread(self._file.fileno(), length, start)

    def remove(self) -> None:
        """Remove the journal: its records are elsewhere now."""
        with _translating(self.path):
            self.path.unlink()
            sync_folder(self.path.parent)
        self.close()

    def close(self) -> None:
        """Let others open it."""
        self._file.close()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"{self.path} is in use", remedy="wait for the other edge batch, or stop it") from error

    def _recover(self, job: Job) -> int:
        """Read what is sound, cut off the rest; returns where the sound part ends."""
        end = 0
        self._file.seek(0)
        for number, (start, body) in enumerate(self._frames()):
            if number == 0:
                self._compare(Job.from_json(parse_json(body), "journal"), job)
            else:
                lines = body.splitlines(keepends=True)
                self._remember((json.loads(line)["input"] for line in lines), lines, start)
            end = start + len(body)
        self._file.truncate(end)
        os.fsync(self._file.fileno())
        self._end = end
        if not end:
            self._append(encode_record(job.to_json()))
            sync_folder(self.path.parent)
        return self._end

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        """Where each sound frame's records begin, and they themselves."""
        while found := FRAME.fullmatch(self._file.readline(HEAD_LIMIT)):
            start, length = self._file.tell(), int(found[2])
            if start + length > os.fstat(self._file.fileno()).st_size:
                return
            body = self._file.read(length)
            if zlib.crc32(body) != int(found[1], 16):
                return
            yield start, body

    def _append(self, body: bytes) -> int:
        head = b"#%08x %d\n" % (zlib.crc32(body), len(body))
        try:
            # Not through the buffer: nothing may be left in it when the disk is full.
            _write_all(self._file.fileno(), head + body, self._end)
            os.fdatasync(self._file.fileno())
        except OSError as error:
            # After a failed sync the kernel takes the pages for clean: they must not be read as written later.
            with suppress(OSError):
                os.ftruncate(self._file.fileno(), self._end)
            raise refused(self.path, error) from error
        start = self._end + len(head)
        self._end = start + len(body)
        return start

    def _remember(self, names: Iterable[str], lines: Sequence[bytes], start: int) -> None:
        for name, line in zip(names, lines, strict=True):
            self._places[name] = (start, len(line))
            start += len(line)

    def _compare(self, before: Job, now: Job) -> None:
        if differing := before.differences(now):
            what = "another bundle" if "digest" in differing else f"another {', '.join(differing)}"
            raise InputError(
                f"{self.path} was begun with {what}", remedy="give the same again, or --force to begin anew"
            )


@contextmanager
def _translating(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refused(path, error) from error


def _write_all(file: int, data: bytes, place: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, place)
        view, place = view[written:], place + written
