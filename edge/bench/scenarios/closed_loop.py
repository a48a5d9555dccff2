"""The closed loop: the next query begins when the last has ended."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from edge.bench.scenarios.base import Run, Steady
from edge.bench.stop_rule import INTERRUPTED

DIGITS = 9
"""Of a second: the clock has no more."""


def closed_loop(run: Run) -> Steady:
    """Queries one after the other until the stop rule or the user ends it."""
    samples, ends = array("d"), array("d")
    stages: dict[str, array[float]] = {}
    now, query = run.clock.now, run.subject.run
    with collector_paused():
        start = now()
        while True:
            before = now()
            times = query()
            after = now()
            samples.append(after - before)
            ends.append(after - start)
            for name, seconds in times.items():
                stages.setdefault(name, array("d")).append(seconds)
            reason = run.rule.reason(after - start, len(samples))
            if reason or run.interrupted():
                break
    return Steady(
        samples=rounded(samples),
        ends=rounded(ends),
        seconds=ends[-1],
        inputs=len(samples) * run.plan.batch,
        stages={name: rounded(series) for name, series in stages.items()},
        reason=reason or INTERRUPTED,
    )


def rounded(series: Iterable[float]) -> tuple[float, ...]:
    """To the nanosecond, so that a record has no digits that mean nothing."""
    return tuple(round(value, DIGITS) for value in series)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection inside: it would be some query's time, of a heap that is not its own."""
    was = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
