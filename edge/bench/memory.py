"""Memory of this process and of those below it (Paddle Lite's engine is one)."""

from __future__ import annotations

import os
from contextlib import suppress

from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.processes import after_name, family, status

HERE = Host()


def peak_memory(host: Host = HERE, process: int = 0) -> int:
    """Bytes that were resident at the highest, of each process that is there now, added up; 0 is this process.

    `VmHWM` and not `ru_maxrss`: that one begins with the memory of the process that started this one.
    """
    return sum(_bytes(host, one, "VmHWM") for one in family(host, process or os.getpid()))


def resident_memory(host: Host = HERE, process: int = 0) -> int:
    """Bytes that are resident now, of the processes in one session: the sampler has one of its own."""
    members = family(host, process or os.getpid())
    session = _session(host, members[0])
    return sum(_bytes(host, one, "VmRSS") for one in members if _session(host, one) == session)


def _session(host: Host, process: int) -> str:
    with suppress(UnreadableError, IndexError):
        return after_name(host.text(f"proc/{process}/stat"))[3]
    return ""


def _bytes(host: Host, process: int, field: str) -> int:
    with suppress(UnreadableError, ValueError):
        return status(host, f"proc/{process}/status")[field] << 10
    return 0
