"""Rules of whether the machine was held back while it was measured."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean, median

from edge.bench.evidence.clocks import FIRMWARE
from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.evidence.throttle import BITS, QUOTA, STICKY
from edge.bench.judge.finding import VALID, Finding
from edge.bench.record import Measurement
from edge.bench.statistics.summary import Summary

PC = "x86-64"
CLOCK_RANGE = 0.05
COOLER = "cool the board or use a better supply, and measure again"


def throttled(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Throttling or under-voltage by the firmware's bits: of now, at any time, and of since boot if not set before."""
    before = done.conditions.before
    known = (before.throttled if before else None) or 0
    for bit, meaning in BITS.items():
        now = any((one.throttled or 0) >> bit & 1 for one in _during(done.conditions))
        new = any(((one.throttled or 0) & ~known) >> (bit + STICKY) & 1 for one in _during(done.conditions))
        if now or new:
            yield Finding(reason=f"the firmware says: {meaning}", remedy=COOLER)


def alarms(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Cooling devices of the processor that worked, and a supply whose voltage was low."""
    highest: dict[str, int] = {}
    for one in _during(done.conditions):
        for name, state in one.alarms.items():
            highest[name] = max(state, highest.get(name, 0))
    for name, state in highest.items():
        if state > 0:
            yield Finding(reason=f"the kernel held back: {name} reached {state}", remedy=COOLER)


def throttle_events(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Counters of throttling that grew. One event slows a Jetson down for about a millisecond."""
    before, after = done.conditions.before, done.conditions.after
    if before is not None and after is not None:
        for name, count in after.throttle_events.items():
            if (grown := count - before.throttle_events.get(name, count)) > 0:
                yield Finding(
                    reason=f"the machine throttled {grown} times ({name})",
                    remedy="give the container more CPUs, or fewer --threads"
                    if name == QUOTA
                    else "choose a lower power mode, cool it, or use a better supply",
                )


def unknown_throttling(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """A board of which nothing says whether it throttled is never VALID; a PC often cannot say."""
    seen = done.conditions
    why = seen.unreadable.get("throttle") or seen.unreadable.get("sampler")
    if why is None and (seen.before is None or seen.after is None):
        why = "no reading was taken"
    if why is not None:
        yield Finding(
            level=VALID if done.machine.board == PC else "",
            reason=f"whether the machine throttled is not known: {why}",
            remedy="let this user read that sensor, or measure where it can be read",
        )


def unreadable(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Other sensors that should be there: worth knowing."""
    for name, why in done.conditions.unreadable.items():
        if name not in ("throttle", "sampler"):
            yield Finding(
                level=VALID, reason=f"{name} cannot be read: {why}", remedy="none, if this machine has no such sensor"
            )


def clock_range(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """A clock that moved by over 5%: the fastest policy's, since others may have been idle, and the firmware's."""
    clocks = _clocks(done.conditions)
    busiest = max((name for name in clocks if name != FIRMWARE), key=lambda name: fmean(clocks[name]), default="")
    for name in {busiest, FIRMWARE} & clocks.keys():
        low, high = min(clocks[name]), max(clocks[name])
        if high - low > CLOCK_RANGE * high:
            yield Finding(
                reason=f"the clock ({name}) went from {low / 1000:.0f} to {high / 1000:.0f} MHz",
                remedy="set the governor performance, warm up longer, cool the board",
            )


def capped_clock(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """A firmware that runs over 5% slower than the kernel asked for, as Raspberry Pi's does without a word."""
    clocks = _clocks(done.conditions)
    firmware = clocks.pop(FIRMWARE, [])
    if firmware and clocks:
        asked, real = max(median(series) for series in clocks.values()), median(firmware)
        if real < asked * (1 - CLOCK_RANGE):
            yield Finding(
                reason=f"the firmware runs {real / 1000:.0f} MHz where the kernel asked for {asked / 1000:.0f}",
                remedy=COOLER,
            )


def governor(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """A governor that holds the clock down; one that follows the load is seen by the range of the clock."""
    for policy, name in done.conditions.governors.items():
        low, high = (*done.conditions.clock_limits.get(policy, ()), 0, 1)[:2]
        if name == "performance" or low == high:
            continue
        slow = name in ("powersave", "conservative", "userspace") and done.machine.board != PC
        yield Finding(
            level="" if slow else VALID,
            reason=f"the governor of {policy} is {name}",
            remedy=f"echo performance > /sys/devices/system/cpu/cpufreq/{policy}/scaling_governor (as root)",
        )


def _during(seen: Conditions) -> tuple[Reading, ...]:
    return (*seen.readings, *([seen.after] if seen.after else []))


def _clocks(seen: Conditions) -> dict[str, list[int]]:
    """By name, in the steady phase only: before and after it the machine is idle."""
    clocks: dict[str, list[int]] = {}
    for one in seen.readings:
        for name, clock in one.clocks.items():
            if one.at >= 0:
                clocks.setdefault(name, []).append(clock)
    return clocks
