"""`python -m benchmarks.shows 3 1`: synthetic latencies, whose truth is known, and a clock that is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from benchmarks.goals import Row
from benchmarks.shows.suites import run_suites
from edge.bench.statistics.median import median
from tests.support.latencies import processes

SUITES: Mapping[str, str] = {
    "percentiles": "tests/edge/bench/statistics/test_percentiles.py",
    "early stopping": "tests/edge/bench/statistics/test_early_stopping.py",
    "interval of the median": "tests/edge/bench/statistics/test_median.py",
    "drift, outliers": "tests/edge/bench/statistics/test_series.py",
    "throttling in a soak": "tests/edge/bench/statistics/test_soak.py",
    "scenarios on a simulated clock": "tests/edge/bench/scenarios",
    "every rule of the judge fails its test without it": "tests/edge/bench/judge/test_rules.py",
    "boards that throttle, swap, cannot be read": "tests/edge/bench/judge/test_documented_boards.py",
}
REPEATS, COUNT = 2000, 662
# Likeness of neighbours, and the shares of intervals that must hold the true median.
PROMISED = {0.0: (0.93, 0.97), 0.3: (0.90, 1.0), 0.6: (0.90, 1.0)}


def run(folder: Path) -> Iterator[Row]:
    """Simulate, then run the tests."""
    for alike, (least, most) in PROMISED.items():
        # Latencies: a log-normal, whose true median is 1.
        found = [median(np.exp(0.1 * one)) for one in processes(alike, COUNT, REPEATS, seed=1)]
        sure = [one for one in found if one.sure]
        covered = sum(one.low <= 1 <= one.high for one in sure) / len(sure)
        goal = (
            f"95% intervals of {COUNT} latencies, AR(1) of {alike:g}, that hold the median: {least:.0%} to {most:.0%}"
        )
        figure = f"{covered:.1%} of {REPEATS}, {len(found) - len(sure)} of them say that they are not sure"
        yield Row(goal, figure, least <= covered <= most, covered)
    yield from run_suites(SUITES, folder)
