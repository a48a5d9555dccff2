"""Clocks of the processor: what the kernel asked for, and what Raspberry Pi's firmware says they are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from edge.bench.evidence.host import Host, UnreadableError

T = TypeVar("T")

POLICIES = "sys/devices/system/cpu/cpufreq/policy*"
FIRMWARE = "firmware"
"""The name of the firmware's clock among those of the policies."""


def policy_clocks(host: Host) -> dict[str, int]:
    """Clocks in kHz by cpufreq policy (`scaling_cur_freq`); raises UnreadableError where none tells one."""
    clocks = _by_policy(host, lambda name: host.number(f"{name}/scaling_cur_freq"))
    if not clocks:
        raise UnreadableError(f"no /{POLICIES} tells a clock")
    return clocks


def firmware_clock(host: Host) -> dict[str, int]:
    """The clock in kHz that Raspberry Pi's firmware measured.

    Its cpufreq driver reports the clock that was asked for also while the firmware throttles (raspberrypi/linux #2986
    and #5874), so that file alone would hide it.
    """
    said = host.run("vcgencmd", "measure_clock", "arm")
    hertz = said.strip().rpartition("=")[2]
    if not said.startswith("frequency(") or not hertz.isdigit():
        raise UnreadableError(f"vcgencmd measure_clock arm: {said.strip()[:80]!r} is no clock")
    return {FIRMWARE: int(hertz) // 1000}


def governors(host: Host) -> dict[str, str]:
    """Governor by cpufreq policy, empty where there is no cpufreq."""
    return _by_policy(host, lambda name: host.text(f"{name}/scaling_governor"))


def clock_limits(host: Host) -> dict[str, tuple[int, int]]:
    """The lowest and the highest kHz that are allowed, by cpufreq policy."""
    return _by_policy(
        host, lambda name: (host.number(f"{name}/scaling_min_freq"), host.number(f"{name}/scaling_max_freq"))
    )


def _by_policy(host: Host, reader: Callable[[str], T]) -> dict[str, T]:
    """Without the policies whose processors are switched off, which do not answer."""
    found: dict[str, T] = {}
    for name in host.match(POLICIES):
        with suppress(UnreadableError):
            found[name.rpartition("/")[2]] = reader(name)
    return found
