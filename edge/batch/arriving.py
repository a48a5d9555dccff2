"""Which files of a folder have arrived as a whole: those that nobody has open for writing any more."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from contextlib import suppress
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

    def complete(self) -> list[Path]:
        """Regular files that are whole, the oldest first; neither hidden ones nor those that are named unfinished."""
        with os.scandir(self._folder) as entries:
            visible = [one.name for one in entries if not one.name.startswith(".") and not one.is_dir()]
        names = [name for name in visible if not name.endswith(UNFINISHED)]
        self._seen = {name: self._seen[name] for name in names if name in self._seen}
        looks = [(look[1], name) for name in names if (look := self._whole(self._folder / name))]
        return [self._folder / name for _, name in sorted(looks)]

    def _whole(self, path: Path) -> Look | None:
        """How the file looks, if it is whole; what is no file, a link for instance, never is."""
        with suppress(OSError):  # it may be gone again
            opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                status = os.fstat(opened)
                look = (status.st_size, status.st_mtime_ns)
                if not stat.S_ISREG(status.st_mode):
                    return None
                written = _is_written(opened)
                if written is False and status.st_size:
                    return look
                return look if written is not True and self._is_quiet(path.name, look) else None
            finally:
                os.close(opened)
        return None

    def _is_quiet(self, name: str, look: Look) -> bool:
        """Also of an empty file that nobody writes: some programs make a file first and open it again to fill it."""
        before, since = self._seen.get(name, (None, 0.0))
        if before != look:
            self._seen[name] = (look, self._clock())
            return False
        return self._clock() - since >= QUIET


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
