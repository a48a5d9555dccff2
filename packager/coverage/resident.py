"""How much memory a run and everything that it starts had resident at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Seconds between two looks. Networks stay in memory for longer.
PERIOD = 0.5


def resident(pid: int) -> int:
    """Bytes of a process and all its descendants; pages that several share count for each, so it is an upper bound."""
    children: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for one, parent, pages in _processes():
        children.setdefault(parent, []).append(one)
        sizes[one] = pages * PAGE
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        total += sizes.get(one, 0)
        waiting += children.get(one, [])
    return total


def _processes() -> Iterator[tuple[int, int, int]]:
    """Id, parent's id and resident pages, as proc_pid_stat(5) has them."""
    for path in PROC.glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has ended since it was listed
            continue
        fields = text.rpartition(")")[2].split()
        yield int(path.parent.name), int(fields[1]), int(fields[21])


class Peak:
    """A context in which this process and its descendants are looked at; `bytes` is the most that was found."""

    def __init__(self) -> None:
        self.bytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        self._look()
        while not self._over.wait(PERIOD):
            self._look()

    def _look(self) -> None:
        self.bytes = max(self.bytes, resident(os.getpid()))
