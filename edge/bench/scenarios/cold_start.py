"""The cold start: a fresh process for every sample, from before it is made to its first result.

The files were read shortly before, by a process that is not counted, and are in the page cache wherever there is memory
for them; after a boot a device reads them from its card first.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import replace

from edge.bench.clock import Clock
from edge.bench.evidence.watch import Watch
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.scenarios.closed_loop import rounded
from edge.bench.stop_rule import INTERRUPTED, Stop, StopRule

PHASES = ("process", "imports", "verify", "session", "first")


def cold_start(plan: Plan, measure: Callable[[Plan], Measurement], clock: Clock, watch: Watch) -> Measurement:
    """Measure one query in each of many processes, until the plan's stop rule or the user ends it.

    `samples` are whole cold starts, `stages` their phases, the peak of memory is the highest. Raises what the first
    process raises, and KeyboardInterrupt where the user ends it before there is a sample.
    """
    rule = StopRule(min_seconds=plan.min_seconds, min_samples=plan.min_samples, max_seconds=plan.max_seconds)
    alone = replace(plan, warmup=0, min_seconds=0.0, min_samples=1, watched=False)
    last = measure(alone)
    accuracy = last.accuracy
    watch.begin()
    samples, ends, peak = array("d"), array("d"), 0
    stages: dict[str, array[float]] = {name: array("d") for name in PHASES}
    start, reason = clock.now(), ""
    while not reason:
        try:
            last = measure(replace(alone, dataset=""))
        except KeyboardInterrupt:
            if not samples:
                raise
            reason = INTERRUPTED
            break
        samples.append(last.phases.cold_start)
        ends.append(clock.now() - start)
        for name in PHASES:
            stages[name].append(getattr(last.phases, name))
        peak = max(peak, last.peak_memory)
        interrupted = INTERRUPTED if last.stop.reason == INTERRUPTED else ""
        reason = interrupted or rule.reason(ends[-1], len(samples))
    return replace(
        last,
        stop=Stop(**vars(rule), reason=reason),
        samples=rounded(samples),
        ends=rounded(ends),
        seconds=ends[-1],
        inputs=len(samples) * plan.batch,
        stages={name: rounded(series) for name, series in stages.items()},
        peak_memory=peak,
        accuracy=accuracy,
        conditions=watch.end(time.monotonic() - ends[-1]),
    )
