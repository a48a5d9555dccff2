"""The scenarios: one registry. The names and meanings are MLPerf's where it has them."""

from __future__ import annotations

from edge.bench.scenarios.base import Run, Scenario, Steady
from edge.bench.scenarios.closed_loop import closed_loop
from edge.bench.scenarios.memory_growth import memory_growth
from edge.bench.scenarios.server import server
from edge.bench.stop_rule import StopRule
from edge.bench.subject import VARIED
from edge.errors import InputError

__all__ = ["SCENARIOS", "Run", "Scenario", "Steady", "scenario_of"]

SCENARIOS: dict[str, Scenario] = {
    one.id: one
    for one in (
        Scenario(id="single-stream", summary="one input at a time: latency", run=closed_loop),
        Scenario(id="multi-stream", summary="several inputs at a time: latency of all", run=closed_loop, batch=8),
        Scenario(id="offline", summary="batch after batch: inputs per second", run=closed_loop, batch=8),
        Scenario(
            id="server",
            summary="inputs at random times: the highest rate that holds a latency",
            run=server,
            rule=StopRule(min_seconds=10, min_samples=64, max_seconds=600),
        ),
        Scenario(
            id="sustained",
            summary="one input at a time for long: what heat does",
            run=closed_loop,
            rule=StopRule(min_seconds=600, min_samples=64, max_seconds=3600),
        ),
        Scenario(
            id="cold-start",
            summary="fresh processes: seconds to the first result",
            run=closed_loop,
            rule=StopRule(min_seconds=0, min_samples=11, max_seconds=300),
            apart=True,
        ),
        Scenario(
            id=VARIED,
            summary="inputs of varied sizes: what memory grows by",
            run=memory_growth,
            rule=StopRule(min_seconds=3, min_samples=400, max_seconds=600),
        ),
    )
}


def scenario_of(name: str) -> Scenario:
    """The scenario of that name; raises InputError listing those that there are."""
    if name not in SCENARIOS:
        raise InputError(f"unknown scenario {name!r}", remedy=f"the scenarios are: {', '.join(SCENARIOS)}")
    return SCENARIOS[name]
