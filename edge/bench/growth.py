"""Whether memory grows from input to input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edge.records import Record

FEWEST = 20
"""Queries from which a slope is said."""

MOST_POINTS = 400
"""Of a slope, which looks at all pairs: so many cost some megabytes and milliseconds."""


@dataclass(frozen=True, kw_only=True)
class Growth(Record):
    """Memory over queries of varied inputs, chosen by `seed`; `varied` counts how many differ.

    `resident` are bytes of this process and the engine's: before the first query (after warm-up), then after each.
    """

    seed: int
    varied: int
    resident: tuple[int, ...]


def growth_per_hundred(growth: Growth, batch: int) -> float | None:
    """Bytes that 100 inputs add, in the second half of the run; None where that has under FEWEST queries.

    The first half is left to caches and arenas that fill up. The slope is the median of those between all pairs of
    points (Theil and Sen): single jumps, up or down, do not make it.
    """
    half = np.asarray(growth.resident[len(growth.resident) // 2 :], np.float64)
    if len(half) < FEWEST:
        return None
    at = np.unique(np.linspace(0, len(half) - 1, min(len(half), MOST_POINTS)).round().astype(np.int64))
    early, late = np.triu_indices(len(at), 1)
    slopes = (half[at[late]] - half[at[early]]) / (at[late] - at[early])
    return float(np.median(slopes)) * 100 / batch
