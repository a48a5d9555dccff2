"""How sure a comparison of two series is: the interval of their mean ratio."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

MIN_PAIRS = 10


@dataclass(frozen=True)
class Interval:
    """Where a ratio lies; 1.0 is `as much as the other`."""

    low: float
    high: float


def ratio_interval(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """The 95% interval of the geometric mean of ours / theirs, over pairs that were measured next to each other.

    Both hold positive samples in one unit, in the order of measuring. Pairs cancel what drifts slowly; what is left of
    it makes neighbours alike, and the interval is then wider, as if there were fewer pairs. Raises ValueError for
    fewer than MIN_PAIRS pairs.
    """
    logs = [math.log(one / other) for one, other in zip(ours, theirs, strict=True)]
    if len(logs) < MIN_PAIRS:
        raise ValueError(f"{len(logs)} pairs are too few for an interval, {MIN_PAIRS} are needed")
    likeness = max(0.0, _lag_one(logs))
    effective = max(3.0, len(logs) * (1 - likeness) / (1 + likeness))
    middle = statistics.fmean(logs)
    reach = student(0.975, effective - 1) * statistics.stdev(logs) / math.sqrt(effective)
    return Interval(math.exp(middle - reach), math.exp(middle + reach))


def _lag_one(series: Sequence[float]) -> float:
    """The correlation of neighbours, without the bias of about -1/n that a short series gives it."""
    middle = statistics.fmean(series)
    apart = [one - middle for one in series]
    spread = math.fsum(one * one for one in apart)
    if spread == 0:
        return 0.0
    return min(0.99, math.fsum(a * b for a, b in itertools.pairwise(apart)) / spread + 1 / len(series))


def student(share: float, freedom: float) -> float:
    """Student's quantile from the normal one (Abramowitz and Stegun 26.7.5), within 1% from 2 degrees of freedom on."""
    z = statistics.NormalDist().inv_cdf(share)
    return z + sum(
        term / freedom**power
        for power, term in (
            (1, (z**3 + z) / 4),
            (2, (5 * z**5 + 16 * z**3 + 3 * z) / 96),
            (3, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384),
            (4, (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160),
        )
    )
