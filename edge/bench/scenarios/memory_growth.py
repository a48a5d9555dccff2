"""Memory over inputs that vary: what grows with each of them ends a device, however slowly."""

from __future__ import annotations

from array import array

from edge.bench.growth import Growth
from edge.bench.memory import resident_memory
from edge.bench.scenarios.base import Run, Steady
from edge.bench.scenarios.closed_loop import rounded
from edge.bench.scenarios.varied import varied_queries
from edge.bench.stop_rule import INTERRUPTED


def memory_growth(run: Run) -> Steady:
    """Queries one after the other, the memory read after each.

    Unlike elsewhere Python collects its garbage: memory that a collection frees is no growth.
    """
    samples, ends, resident = array("d"), array("d"), [resident_memory()]
    stages: dict[str, array[float]] = {}
    keys = set()
    now, start = run.clock.now, run.clock.now()
    reason = ""
    for query in varied_queries(run.subject, run.plan):
        before = now()
        times = query.run()
        after = now()
        samples.append(after - before)
        ends.append(after - start)
        for name, seconds in times.items():
            stages.setdefault(name, array("d")).append(seconds)
        keys.add(query.key)
        resident.append(resident_memory())
        reason = run.rule.reason(after - start, len(samples)) or (INTERRUPTED if run.interrupted() else "")
        if reason:
            break
    return Steady(
        samples=rounded(samples),
        ends=rounded(ends),
        seconds=ends[-1],
        inputs=len(samples) * run.plan.batch,
        stages={name: rounded(series) for name, series in stages.items()},
        reason=reason,
        growth=Growth(seed=run.plan.seed, varied=len(keys), resident=tuple(resident)),
    )
