"""MLPerf's early stopping: what so many samples say of a percentile with 99% confidence, whatever the distribution.

A percentile is said only where at least one sample may lie above it. mlcommons/inference_policies,
inference_rules.adoc, appendix "Early stopping", with a tolerance of 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.99


@cache
def samples_for(share: float) -> int:
    """The fewest samples that say something of the percentile `share`: 11 for 0.5, 64 for 0.9, 662 for 0.99."""
    high = 2
    while not holds(high, 1, share):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle, 1, share) else (middle, high)
    return high


def holds(samples: int, over: int, share: float) -> bool:
    """Whether `over` of so many samples above a bound show that the percentile `share` lies below it."""
    return samples > over and bool(_at_most(samples, share, over)[over] <= 1 - CONFIDENCE)


def estimate(ordered: Sequence[float], share: float) -> float | None:
    """A sample that the percentile `share` does not exceed, with 99% confidence; None where samples are too few.

    The highest samples are left out as long as the others would still hold. `ordered` ascends.
    """
    count = len(ordered)
    if count < samples_for(share):
        return None
    most = math.ceil((1 - share) * count)
    over = int(np.searchsorted(_at_most(count, share, most), 1 - CONFIDENCE, side="right")) - 1
    return ordered[count - over]


def _at_most(samples: int, share: float, most: int) -> NDArray[np.float64]:
    """The probability of at most 0, 1, ... `most` samples above the percentile: the binomial distribution, summed."""
    steps = np.arange(min(most, samples - 1))
    ratios = np.log((samples - steps) / (steps + 1)) + math.log((1 - share) / share)
    logarithms = samples * math.log(share) + np.concatenate(([0.0], np.cumsum(ratios)))
    return np.cumsum(np.exp(logarithms))
