"""How much memory a worker may have: a share that is told, and a wall that the kernel keeps."""

from __future__ import annotations

import resource

from edge.bench.evidence.host import Host
from edge.bench.evidence.processes import status
from edge.bench.memory import resident_memory

MEBI = 1 << 20
OWN = 48 * MEBI
"""What the process that hands out the work takes itself."""

LEAST = 192 * MEBI
"""Below this no worker is started: interpreter, numpy and an engine take about half of it."""


def resident() -> int:
    """Bytes that this worker and its engine's process have."""
    return resident_memory()


def limit_data(share: int) -> None:
    """Let this process take no more than `share` bytes in all, those that it has included; 0 means no limit.

    What is over fails as an allocation does: a decoder's error instead of a board without memory. The kernel counts
    what was asked for, touched or not, so what is there already is let in.
    """
    if not share:
        return
    mine = status(Host(), "proc/self/status")
    room = max(share - (mine["VmRSS"] << 10), 0)
    limit = (mine["VmData"] << 10) + room
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))
