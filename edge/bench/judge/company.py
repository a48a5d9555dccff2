"""Rules of what else the machine did."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from edge.bench.evidence.conditions import Reading
from edge.bench.judge.finding import Finding
from edge.bench.record import Measurement
from edge.bench.statistics.summary import Summary

FOREIGN = 0.10
"""CPUs that others may keep busy."""

WAITING = {"cpu": 0.10, "memory": 0.01}
"""Shares of the steady phase in which some task may wait."""

WATCHING = 0.05
"""Of one CPU, that the sampler may take."""


def foreign_load(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Other processes that kept over 0.1 CPUs busy."""
    loads = [one.foreign_cpu for one in _readings(done)[1:] if one.foreign_cpu is not None and one.at >= 0]
    if loads and fmean(loads) > FOREIGN:
        yield Finding(
            reason=f"other processes kept {fmean(loads):.2f} CPUs busy",
            remedy="stop them, and measure again",
        )


def pressure(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Tasks that waited for a CPU over 10% of the time, or over 1% for memory (PSI)."""
    readings = _readings(done)
    if len(readings) > 1:
        first, last = readings[0], readings[-1]
        for resource, allowed in WAITING.items():
            if resource in first.pressure and resource in last.pressure and last.at > first.at:
                share = (last.pressure[resource] - first.pressure[resource]) / (last.at - first.at)
                if share > allowed:
                    yield Finding(
                        reason=f"some task waited for {resource} {share:.0%} of the time",
                        remedy="stop other processes, give fewer --threads, use a smaller model",
                    )


def swapping(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Memory that was moved out of RAM: swap in use."""
    most = max((one.swap or 0 for one in _readings(done)), default=0)
    if most > 0:
        yield Finding(
            reason=f"{most / (1 << 20):.1f} MiB are in swap",
            remedy="stop what needs the memory, then: sudo swapoff -a",
        )


def watching(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """A sampler that took over 5% of one CPU."""
    if done.conditions.sampler_cost > WATCHING:
        yield Finding(
            reason=f"reading the sensors took {done.conditions.sampler_cost:.0%} of one CPU",
            remedy="measure longer; if it stays, report it",
        )


def _readings(done: Measurement) -> tuple[Reading, ...]:
    seen = done.conditions
    return tuple(one for one in (seen.before, *seen.readings, seen.after) if one is not None)
