"""Whether the machine is held back: by its firmware, its supply or its temperature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.thermal import cooling
from edge.machine import cgroup_values

FIRMWARE_FILE = "sys/devices/platform/soc*/soc*:firmware/get_throttled"
QUOTA = "quota"
BITS = {
    0: "under-voltage",
    1: "the clock is capped",
    2: "throttled",
    3: "the soft temperature limit is active",
}
"""What the firmware's lower bits say of now; each has a twin 16 bits higher that says so of any time since boot."""
STICKY = 16


def throttle(host: Host) -> Mapping[str, Any]:
    """Firmware bits on a Raspberry Pi, alarms and counters elsewhere; raises UnreadableError where nothing tells."""
    if host.raspberry:
        return {"throttled": firmware_bits(host), "alarms": cooling(host)}
    alarms, events = cooling(host), jetson_events(host) | core_events(host)
    if not alarms and not events:
        raise UnreadableError("neither cooling devices of the processor nor counters of throttling are there")
    return {"alarms": alarms, "throttle_events": events}


def firmware_bits(host: Host) -> int:
    """`get_throttled` of Raspberry Pi's firmware, by `vcgencmd` or from the kernel's file.

    A Pi 5 has no such file. Elsewhere the file (raspberrypi/linux #2397) may only repeat what the driver `rpi_volt` was
    told last, and stays 0 for ever without that driver (#2367): then it is no evidence.
    """
    try:
        said = host.run("vcgencmd", "get_throttled").strip()
        return _hexadecimal(said.removeprefix("throttled="), "vcgencmd get_throttled")
    except UnreadableError as error:
        files = list(host.match(FIRMWARE_FILE))
        if not files or not list(_rpi_volt(host)):
            raise UnreadableError(f"{error} (it comes with raspi-utils; the group video may use it)") from error
        return _hexadecimal(host.text(files[0]), f"/{files[0]}")


def under_voltage(host: Host) -> Mapping[str, Any]:
    """The alarm of the kernel's driver `rpi_volt`, which asks the firmware every two seconds."""
    for name in _rpi_volt(host):
        return {"alarms": {"under-voltage": host.number(f"{name}/in0_lcrit_alarm")}}
    raise UnreadableError("no /sys/class/hwmon is rpi_volt")


def _rpi_volt(host: Host) -> Iterator[str]:
    return (name for name in host.match("sys/class/hwmon/hwmon*") if host.text(f"{name}/name") == "rpi_volt")


def _hexadecimal(text: str, source: str) -> int:
    try:
        return int(text, 16)
    except ValueError as error:
        raise UnreadableError(f"{source} says {text[:60]!r}, no bits") from error


def jetson_events(host: Host) -> dict[str, int]:
    """Jetson's counters: oc1 under-voltage, oc2 average and oc3 instantaneous over-current (NVIDIA's guide, r36)."""
    counts: dict[str, int] = {}
    for name in host.match("sys/class/hwmon/hwmon*"):
        with suppress(UnreadableError):
            if host.text(f"{name}/name") == "soctherm_oc":
                for file in host.match(f"{name}/oc*_event_cnt"):
                    counts[file.rpartition("/")[2].removesuffix("_event_cnt")] = host.number(file)
    return counts


def core_events(host: Host) -> dict[str, int]:
    """What x86 processors count of their own throttling, of all cores together."""
    files = list(host.match("sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/core_throttle_count"))
    return {"core_throttle": sum(map(host.number, files))} if files else {}


def quota(host: Host) -> dict[str, int]:
    """Periods in which a control group (a container's limit of CPUs) stopped this process; none without a limit."""
    stopped = [
        int(line.split()[1])
        for text in cgroup_values(host.root, "cpu.stat")
        for line in text.splitlines()
        if line.startswith("nr_throttled ") and line.split()[1:2] != [] and line.split()[1].isdigit()
    ]
    return {QUOTA: sum(stopped)} if stopped else {}
