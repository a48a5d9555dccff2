"""Other processes, as /proc shows them, and waiting for what they do."""

from __future__ import annotations

import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
SECONDS = 60
LOOK_EVERY = 0.005


def until(look: Callable[[], T]) -> T:
    """What `look` finds once it finds something."""
    end = time.monotonic() + SECONDS
    while not (seen := look()):
        assert time.monotonic() < end, "it did not happen"
        select.select([], [], [], LOOK_EVERY)
    return seen


def when(process: subprocess.Popen[str], look: Callable[[], T]) -> T:
    """What `look` finds once it finds something, while the process runs."""

    def found() -> T:
        assert process.poll() is None, process.communicate()
        return look()

    return until(found)


def running(process: int, module: str) -> list[int]:
    """The processes below that one which run the module."""
    return [one for one in below(process) if module.encode() in command_line(one).split(b"\0")]


def command_line(process: int) -> bytes:
    """Its words, a zero byte behind each; nothing of one that is gone."""
    return _read(f"/proc/{process}/cmdline")


def below(process: int) -> Iterator[int]:
    """All processes below that one."""
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, _read(str(tasks)).split()):
            yield child
            yield from below(child)


def ticks(process: int) -> int:
    """CPU time in user mode, in clock ticks."""
    return int(_read(f"/proc/{process}/stat").rpartition(b")")[2].split()[11])


def gone(process: int) -> bool:
    """Whether it is not there, or a zombie."""
    return _read(f"/proc/{process}/stat").rpartition(b")")[2].split()[:1] in ([], [b"Z"])


def _read(path: str) -> bytes:
    with suppress(OSError):
        return Path(path).read_bytes()
    return b""
