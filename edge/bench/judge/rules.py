"""The registry of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from edge.bench.judge import amount, company, spread, throttling
from edge.bench.judge.finding import INVALID, UNSTABLE, VALID, Finding
from edge.bench.record import Measurement
from edge.bench.statistics.summary import Summary

SOAK = frozenset(["sustained"])
"""What heat does is what this scenario is for: there it is worth knowing, and no fault."""

VARIED = frozenset(["server", "memory-growth"])
"""Queries that wait, or that differ in size, take different times."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`check` gives what it finds, at `level` or better; in the scenarios of `noted_in` that lowers no verdict."""

    id: str
    level: str
    check: Callable[[Measurement, Summary], Iterator[Finding]]
    noted_in: frozenset[str] = frozenset()


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(id="interrupted", level=INVALID, check=amount.interrupted),
        Rule(id="few-samples", level=INVALID, check=amount.few_samples),
        Rule(id="short", level=INVALID, check=amount.short),
        Rule(id="other-threads", level=INVALID, check=amount.other_threads),
        Rule(id="bound", level=INVALID, check=amount.bound),
        Rule(id="throttled", level=INVALID, check=throttling.throttled, noted_in=SOAK),
        Rule(id="alarm", level=INVALID, check=throttling.alarms, noted_in=SOAK),
        Rule(id="throttle-events", level=UNSTABLE, check=throttling.throttle_events, noted_in=SOAK),
        Rule(id="unknown-throttling", level=UNSTABLE, check=throttling.unknown_throttling),
        Rule(id="clock-range", level=UNSTABLE, check=throttling.clock_range, noted_in=SOAK),
        Rule(id="capped-clock", level=UNSTABLE, check=throttling.capped_clock, noted_in=SOAK),
        Rule(id="governor", level=UNSTABLE, check=throttling.governor),
        Rule(id="spread", level=UNSTABLE, check=spread.spread, noted_in=SOAK | VARIED),
        Rule(id="drift", level=UNSTABLE, check=spread.drift, noted_in=SOAK | VARIED),
        Rule(id="alike", level=UNSTABLE, check=spread.alike, noted_in=SOAK | VARIED),
        Rule(id="foreign-load", level=UNSTABLE, check=company.foreign_load),
        Rule(id="pressure", level=UNSTABLE, check=company.pressure),
        Rule(id="swap", level=UNSTABLE, check=company.swapping),
        Rule(id="crowded", level=UNSTABLE, check=amount.crowded),
        Rule(id="sampler-cost", level=UNSTABLE, check=company.watching),
        Rule(id="unreadable", level=VALID, check=throttling.unreadable),
    )
}
