"""Times two callables in alternation, so that what drifts is the same for both."""

from __future__ import annotations

import time
from collections.abc import Callable

Run = Callable[[], object]
Times = list[float]

REST = 0.05
"""Seconds before a block: an engine's threads spin on after a run, on the cores that the other side is measured on."""


def alternate(ours: Run, theirs: Run, *, pairs: int, runs: int) -> tuple[Times, Times]:
    """Seconds of `pairs` blocks of each; which side goes first alternates, so that being second favours neither."""
    for run in (ours, theirs):
        block(run, runs)
    times: dict[Run, Times] = {ours: [], theirs: []}
    for pair in range(pairs):
        for run in (ours, theirs) if pair % 2 else (theirs, ours):
            time.sleep(REST)
            times[run].append(block(run, runs))
    return times[ours], times[theirs]


def block(run: Run, runs: int) -> float:
    """The fastest of a few runs: what disturbs one only makes it slower."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)
