"""Which files of a folder have arrived as a whole: those that nobody has open for writing any more."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", "~")
"""How programs name what they have not finished; they rename it then."""

QUIET = 2.0
"""Seconds without a change after which a file is whole where the kernel does not tell who writes: network folders."""

Look = tuple[int, int]
"""Size and time of the last change, in nanoseconds."""


class Arriving:
    """Looks at a folder again and again. SIGIO must be ignored: a writer that comes while it looks would cause one."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        self._seen: dict[str, tuple[Look, float]] = {}

    def complete(self, most: int) -> list[Path]:
        """So many regular files that are whole, the oldest first; no hidden ones, none that are named unfinished."""
        with os.scandir(self._folder) as entries:
            names = [one.name for one in entries if not one.name.startswith(".") and not one.name.endswith(UNFINISHED)]
        self._seen = {name: self._seen[name] for name in names if name in self._seen}
        files = sorted((_age(self._folder / name), name) for name in names)
        return list(islice((path for _, name in files if self._is_whole(path := self._folder / name)), most))

    def _is_whole(self, path: Path) -> bool:
        """Whether nobody writes the file any more; what is no file, a link or a folder for instance, never is."""
        with suppress(OSError):  # it may be gone again
            opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                status = os.fstat(opened)
                look = (status.st_size, status.st_mtime_ns)
                if not stat.S_ISREG(status.st_mode):
                    return False
                written = _is_written(opened)
                if written is False and status.st_size:
                    return True
                return written is not True and self._is_quiet(path.name, look)
            finally:
                os.close(opened)
        return False

    def _is_quiet(self, name: str, look: Look) -> bool:
        """Also of an empty file that nobody writes: some programs make a file first and open it again to fill it."""
        before, since = self._seen.get(name, (None, 0.0))
        if before != look:
            self._seen[name] = (look, self._clock())
            return False
        return self._clock() - since >= QUIET


def _age(path: Path) -> int:
    """When it was changed last; of what is gone again, 0."""
    with suppress(OSError):
        return path.lstat().st_mtime_ns
    return 0


def _is_written(file: int) -> bool | None:
    """Whether somebody has the file open for writing; None where the kernel does not tell.

    A lease to read is given only where nobody does (fcntl(2)).
    """
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
