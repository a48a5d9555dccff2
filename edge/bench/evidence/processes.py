"""What the measured processes used, and what everyone else did meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from edge.bench.evidence.host import Host, UnreadableError

TICKS = os.sysconf("SC_CLK_TCK")
SIZES = ("VmRSS", "VmHWM", "VmData")


@dataclass(frozen=True)
class Usage:
    """Of several processes together: resident bytes, CPU seconds, context switches of the threads that are there."""

    rss: int
    cpu: float
    voluntary: int
    involuntary: int


def family(host: Host, process: int) -> tuple[int, ...]:
    """The process and all below it: as the kernel lists children, or where it does not, as every process tells."""
    below = _listed if next(host.match(f"proc/{process}/task/*/children"), "") else _by_parent(host)
    members = [process]
    for member in members:
        members += below(host, member)
    return tuple(members)


def _listed(host: Host, process: int) -> list[int]:
    found: list[int] = []
    for name in host.match(f"proc/{process}/task/*/children"):
        with suppress(UnreadableError, ValueError):
            found += map(int, host.text(name).split())
    return found


def _by_parent(host: Host) -> Callable[[Host, int], list[int]]:
    parents: dict[int, int] = {}
    for name in host.match("proc/[0-9]*/stat"):
        with suppress(UnreadableError, ValueError, IndexError):
            parents[int(name.split("/")[1])] = int(after_name(host.text(name))[1])
    return lambda _, process: [child for child, parent in parents.items() if parent == process]


def usage(host: Host, processes: Iterable[int], without: Iterable[int] = ()) -> Usage:
    """What they use together; the CPU time of `without` counts, its memory and switches do not. Raises UnreadableError.

    A process that has ended is skipped.
    """
    rss, cpu, voluntary, involuntary, seen = 0, 0.0, 0, 0, False
    for process in processes:
        with suppress(UnreadableError, ValueError, IndexError):
            cpu += sum(map(int, after_name(host.text(f"proc/{process}/stat"))[11:15])) / TICKS
            if process not in without:
                rss += status(host, f"proc/{process}/status")["VmRSS"] << 10
                for thread in host.match(f"proc/{process}/task/*/status"):
                    counted = status(host, thread)
                    voluntary += counted["voluntary_ctxt_switches"]
                    involuntary += counted["nonvoluntary_ctxt_switches"]
                seen = True
    if not seen:
        raise UnreadableError("/proc does not show the measured process")
    return Usage(rss, cpu, voluntary, involuntary)


def busy(host: Host) -> float:
    """CPU seconds since boot that were not idle, of all CPUs, what a hypervisor took away included."""
    line = host.text("proc/stat").partition("\n")[0].split()
    try:
        user, nice, system, _idle, _waiting, irq, soft, steal = map(int, line[1:9])
    except ValueError as error:
        raise UnreadableError("/proc/stat does not begin with the times of all CPUs") from error
    return (user + nice + system + irq + soft + steal) / TICKS


def after_name(stat: str) -> list[str]:
    """The words of a stat line from the state on; a process may have spaces and brackets in its name."""
    return stat.rpartition(")")[2].split()


def status(host: Host, name: str) -> dict[str, int]:
    """The counts of a status file, and its sizes in KiB, which are 0 where it has none; raises UnreadableError."""
    numbers = dict.fromkeys(SIZES, 0)
    for line in host.text(name).splitlines():
        key, _, value = line.partition(":")
        first = value.split()[:1]
        if key in (*SIZES, "voluntary_ctxt_switches", "nonvoluntary_ctxt_switches") and first:
            numbers[key] = int(first[0])
    return numbers
