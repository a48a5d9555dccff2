"""What long work does to speed: how fast a machine is while it is cool, how fast once it is as hot as it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.records import Record

WINDOWS = 60
FEWEST = 3
"""Queries that end in a window, for its median to count."""

SLOWER = 0.05
"""By how much the median must stay above the best for the machine to be slower."""


@dataclass(frozen=True, kw_only=True)
class Soak(Record):
    """`peak` is the median of a query, in seconds, in the fastest window, `settled` that of the last third of the time.

    `slower_after` is when, in seconds, a window began from which on all were over SLOWER slower than the fastest; None
    where the last window was not.
    """

    peak: float
    settled: float
    slower_after: float | None

    @property
    def kept(self) -> float:
        """The settled speed as a share of the peak: 0.8 is a fifth lost."""
        return self.peak / self.settled


def soak(samples: Sequence[float], ends: Sequence[float], seconds: float) -> Soak | None:
    """Over WINDOWS windows of equal time; None where fewer than FEWEST of them have a median."""
    times, at = np.asarray(samples, np.float64), np.asarray(ends, np.float64)
    places = np.minimum((at / seconds * WINDOWS).astype(np.int64), WINDOWS - 1)
    medians = [
        (window * seconds / WINDOWS, float(np.median(times[places == window])))
        for window in range(WINDOWS)
        if np.count_nonzero(places == window) >= FEWEST
    ]
    late = times[at >= seconds * 2 / 3]
    if len(medians) < FEWEST or not len(late):
        return None
    peak = min(middle for _, middle in medians)
    slower: float | None = None
    for start, middle in reversed(medians):
        if middle <= peak * (1 + SLOWER):
            break
        slower = start
    return Soak(peak=peak, settled=float(np.median(late)), slower_after=slower)
