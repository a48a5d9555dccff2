"""The cold start: a fresh process for every sample, from before it is made to its first result.

The files were read shortly before, by a process that is not counted, and are in the page cache wherever there is memory
for them; after a boot a device reads them from its card first.
"""

from __future__ import annotations

import time
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
    uncounted = measure(alone)
    if uncounted.stop.reason == INTERRUPTED:
        raise KeyboardInterrupt
    watch.begin()
    done: list[tuple[Measurement, float]] = []
    start, reason = clock.now(), ""
    try:
        while not reason:
            one = measure(replace(alone, dataset=""))
            done.append((one, clock.now() - start))
            stopped = INTERRUPTED if one.stop.reason == INTERRUPTED else ""
            reason = stopped or rule.reason(done[-1][1], len(done))
    except KeyboardInterrupt:
        if not done:
            raise
        reason = INTERRUPTED
    last, seconds = done[-1]
    phases = [one.phases for one, _ in done]
    return replace(
        last,
        stop=Stop(**vars(rule), reason=reason),
        samples=rounded(one.cold_start for one in phases),
        ends=rounded(end for _, end in done),
        seconds=seconds,
        inputs=len(done) * plan.batch,
        stages={name: rounded(getattr(one, name) for one in phases) for name in PHASES},
        peak_memory=max(one.peak_memory for one, _ in done),
        accuracy=uncounted.accuracy,
        conditions=watch.end(time.monotonic() - seconds),
    )
