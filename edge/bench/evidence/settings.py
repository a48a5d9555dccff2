"""What a machine is and is set to: what does not change while something is measured."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import TypeVar

from edge.bench.evidence.clocks import clock_limits, governors
from edge.bench.evidence.conditions import Conditions
from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.jetson import jetson_clocks, power_mode

T = TypeVar("T")

PARTS = {
    ("0x41", "0xd03"): "Cortex-A53",
    ("0x41", "0xd05"): "Cortex-A55",
    ("0x41", "0xd08"): "Cortex-A72",
    ("0x41", "0xd0b"): "Cortex-A76",
    ("0x41", "0xd42"): "Cortex-A78AE",
}
"""Arm's part numbers of the cores of our boards (their reference manuals, MIDR_EL1)."""


def settings(host: Host, process: int, unreadable: MutableMapping[str, str]) -> Conditions:
    """Conditions without readings; what fails is empty, and `unreadable` is told why if it should be there."""

    def ask(name: str, reader: Callable[[Host], T], missing: T) -> T:
        try:
            return reader(host)
        except UnreadableError as error:
            unreadable[name] = str(error)
            return missing

    return Conditions(
        model=_optional(host, "proc/device-tree/model"),
        cpu=ask("cpu", cpu, ""),
        kernel=_optional(host, "proc/sys/kernel/osrelease"),
        os=operating_system(host),
        governors=governors(host),
        clock_limits=clock_limits(host),
        power_mode=ask("power mode", power_mode, "") if host.jetson else "",
        jetson_clocks=ask("jetson_clocks", jetson_clocks, None) if host.jetson else None,
        affinity=_affinity(process),
    )


def cpu(host: Host) -> str:
    """The cores' name and revision, of every kind that there is: `Cortex-A72 r0p3`, or a PC's model name."""
    kinds: list[str] = []
    for block in host.text("proc/cpuinfo").split("\n\n"):
        lines = {key.strip(): value.strip() for key, _, value in (one.partition(":") for one in block.splitlines())}
        if "CPU part" in lines:
            part = (lines.get("CPU implementer", ""), lines["CPU part"])
            revision = f"r{int(lines.get('CPU variant', '0'), 16)}p{lines.get('CPU revision', '0')}"
            kinds.append(f"{PARTS.get(part) or ' '.join(part)} {revision}")
        elif "model name" in lines:
            kinds.append(lines["model name"])
    if not kinds:
        raise UnreadableError("/proc/cpuinfo names no processor")
    return ", ".join(dict.fromkeys(kinds))


def operating_system(host: Host) -> str:
    """`PRETTY_NAME` of os-release, empty where there is none."""
    for line in _optional(host, "etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return ""


def _optional(host: Host, name: str) -> str:
    try:
        return host.text(name)
    except UnreadableError:
        return ""


def _affinity(process: int) -> tuple[int, ...]:
    with suppress(OSError):
        return tuple(sorted(os.sched_getaffinity(process)))
    return ()
