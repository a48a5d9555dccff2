"""The registry of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from edge.bench.judge import amount, company, spread, throttling
from edge.bench.judge.finding import Finding
from edge.bench.record import Measurement
from edge.bench.statistics.summary import Summary

SOAK = frozenset(["sustained"])
"""What heat does is what this scenario is for: there it is worth knowing, and no fault."""

VARIED = frozenset(["server", "memory-growth"])
"""Queries that wait, or that differ in size, take different times."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`check` gives what it finds; in the scenarios of `noted_in` that lowers no verdict."""

    id: str
    check: Callable[[Measurement, Summary], Iterator[Finding]]
    noted_in: frozenset[str] = frozenset()


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(id="interrupted", check=amount.interrupted),
        Rule(id="few-samples", check=amount.few_samples),
        Rule(id="short", check=amount.short),
        Rule(id="other-threads", check=amount.other_threads),
        Rule(id="bound", check=amount.bound),
        Rule(id="throttled", check=throttling.throttled, noted_in=SOAK),
        Rule(id="alarm", check=throttling.alarms, noted_in=SOAK),
        Rule(id="throttle-events", check=throttling.throttle_events, noted_in=SOAK),
        Rule(id="unknown-throttling", check=throttling.unknown_throttling),
        Rule(id="clock-range", check=throttling.clock_range, noted_in=SOAK),
        Rule(id="capped-clock", check=throttling.capped_clock, noted_in=SOAK),
        Rule(id="governor", check=throttling.governor),
        Rule(id="spread", check=spread.spread, noted_in=SOAK | VARIED),
        Rule(id="drift", check=spread.drift, noted_in=SOAK | VARIED),
        Rule(id="alike", check=spread.alike, noted_in=SOAK | VARIED),
        Rule(id="foreign-load", check=company.foreign_load),
        Rule(id="pressure", check=company.pressure),
        Rule(id="swap", check=company.swapping),
        Rule(id="crowded", check=amount.crowded),
        Rule(id="sampler-cost", check=company.watching),
        Rule(id="unreadable", check=throttling.unreadable),
    )
}
