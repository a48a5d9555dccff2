"""The scenarios: one registry. The names and meanings are MLPerf's where it has them."""

from __future__ import annotations

from edge.bench.scenarios.base import Run, Scenario, Steady
from edge.bench.scenarios.closed_loop import closed_loop
from edge.errors import InputError

__all__ = ["SCENARIOS", "Run", "Scenario", "Steady", "scenario_of"]

SCENARIOS: dict[str, Scenario] = {
    one.id: one
    for one in (
        Scenario(id="single-stream", summary="one input at a time: latency", batch=1, run=closed_loop),
        Scenario(id="multi-stream", summary="several inputs at a time: latency of all", batch=8, run=closed_loop),
        Scenario(id="offline", summary="batch after batch: inputs per second", batch=8, run=closed_loop),
    )
}


def scenario_of(name: str) -> Scenario:
    """The scenario of that name; raises InputError listing those that there are."""
    if name not in SCENARIOS:
        raise InputError(f"unknown scenario {name!r}", remedy=f"the scenarios are: {', '.join(SCENARIOS)}")
    return SCENARIOS[name]
