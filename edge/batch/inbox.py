"""Two folders, each file of which is in exactly one state, whatever is cut off: waiting, claimed, read, handed over.

A file is claimed by a rename into `INBOX/.work`, under a name that nothing has yet. Its result is written to a hidden
file of the outbox, the file is moved to `INBOX/done` or `INBOX/failed`, and then the result gets its name. Each step is
on the disk before the next; so a start finds where the last run was cut off, and nobody who takes results away
can make a file be read again.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.batch.arriving import Arriving
from edge.errors import EnvironmentLackError, InputError
from edge.whole_file import sync_folder, whole_file

WORK, DONE, FAILED = ".work", "done", "failed"
FAILURE, READY = ".json", ".ready"
AT_ONCE = 64
"""Files that are claimed together, with two syncs; what is not read of them is the next run's."""
LONGEST = 200
"""Bytes of a claimed file's name; file systems take 255, and names are built from it."""


class Inbox:
    """An inbox and its outbox, which no other process uses as such meanwhile."""

    def __init__(
        self, inbox: Path, outbox: Path, suffix: str = FAILURE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take hold of the folders and finish what was cut off; `suffix` is that of results.

        Raises InputError where they are no two folders or in use, EnvironmentLackError where the disk refuses.
        """
        if not inbox.is_dir():
            raise InputError(f"{inbox} is no folder", remedy="create it first")
        self._inbox = inbox
        self._outbox = outbox
        self._suffixes = {suffix, FAILURE}
        with _translating(outbox):
            for folder in (outbox, outbox / FAILED, inbox / WORK, inbox / DONE, inbox / FAILED):
                folder.mkdir(exist_ok=True)
            if outbox.samefile(inbox):
                raise InputError(f"{outbox} is the inbox, too", remedy="give another folder")
            self._hold = os.open(inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._left = self._recover()
            except BlockingIOError as error:
                self.close()
                raise InputError(f"{inbox} is watched", remedy="stop the other edge batch") from error
            except BaseException:
                self.close()
                raise
        self._arriving = Arriving(inbox, clock)

    def close(self) -> None:
        """Let others watch it."""
        os.close(self._hold)

    def take(self, most: int) -> list[Path]:
        """At most so many claimed files: those of a run that was cut off, then the oldest that have arrived.

        More are claimed than are taken: a folder with thousands of files is not looked through for each of them.
        """
        if not self._left:
            with _translating(self._inbox):
                self._left = [self._claim(path) for path in self._arriving.complete(max(most, AT_ONCE))]
                if self._left:
                    self._sync("", WORK)
        taken, self._left = self._left[:most], self._left[most:]
        return taken

    def hand_over(self, path: Path, content: bytes, suffix: str = FAILURE, *, failed: bool = False) -> None:
        """Put what was read of a claimed file into the outbox, or aside where that failed, and the file with it."""
        ready = self._outbox / (FAILED if failed else "") / f".{path.name}{suffix}{READY}"
        with whole_file(ready) as file:
            file.write(content)
        with _translating(self._outbox):
            sync_folder(ready.parent)
            self._publish(ready)

    def _publish(self, ready: Path) -> None:
        result = ready.with_name(ready.name[1 : -len(READY)])
        claimed = self._inbox / WORK / result.stem
        failed = ready.parent != self._outbox
        if claimed.exists():
            kept = FAILED if failed else DONE
            claimed.rename(self._inbox / kept / claimed.name)
            self._sync(WORK, kept)
        ready.rename(result)
        sync_folder(result.parent)

    def _recover(self) -> list[Path]:
        """Hand over what was ready; returns what was claimed and is still to be read."""
        for folder in (self._outbox, self._outbox / FAILED):
            for partial in folder.glob(f".*{READY}.*.part"):
                partial.unlink()
            for ready in folder.glob(f".*{READY}"):
                self._publish(ready)
        return sorted((self._inbox / WORK).iterdir())

    def _claim(self, path: Path) -> Path:
        stem, number = path.stem, 1
        while len(os.fsencode(stem + path.suffix)) > LONGEST and stem:  # what is added must fit, too
            stem = stem[:-1]
        name = f"{stem}{path.suffix}"
        while any(map(os.path.lexists, self._traces(name))):
            number += 1
            name = f"{stem}.{number}{path.suffix}"
        return path.rename(self._inbox / WORK / name)

    def _traces(self, name: str) -> Iterator[Path]:
        """Where a file of that name would have left something."""
        yield from (self._inbox / folder / name for folder in (WORK, DONE, FAILED))
        for folder in (self._outbox, self._outbox / FAILED):
            yield from (folder / f"{name}{suffix}" for suffix in self._suffixes)

    def _sync(self, *names: str) -> None:
        for name in names:
            sync_folder(self._inbox / name)


@contextmanager
def _translating(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise EnvironmentLackError(
            f"{place} cannot be changed ({error.strerror})", remedy=f"check the space and rights of {folder}"
        ) from error
