"""The range of a tensor that loses least, in the mean square, when it is cut off and rounded to 8 bits.

Source: Banner, Nahshan, Soudry, "Post training 4-bit quantization of convolutional networks for rapid-deployment"
(2019): the error of a range is what is cut off outside and what is rounded inside. Here both are summed over a
histogram, not over a distribution that is assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEPS = 255
SHARES = np.linspace(1.0, 0.2, 81)
"""Shares of the widest range that are tried."""


def best_range(counts: NDArray[np.int64], edges: NDArray[np.floating], low: float, high: float) -> tuple[float, float]:
    """The best of the ranges within `low` to `high`, which hold everything.

    `counts` (n) and `edges` (n + 1) are a histogram. Each side is tried at every share, one after the other; zero is
    always in the range.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    middles = ((edges[:-1] + edges[1:]) / 2).astype(np.float64)
    ranges = np.array([(low, high * share) for share in SHARES])
    best = ranges[np.argmin(_errors(ranges, counts, middles))]
    ranges = np.array([(low * share, best[1]) for share in SHARES])
    best = ranges[np.argmin(_errors(ranges, counts, middles))]
    return float(best[0]), float(best[1])


def _errors(
    ranges: NDArray[np.float64], counts: NDArray[np.int64], middles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of each range (m, 2) the sum of squares of what is lost."""
    low, high = ranges[:, :1], ranges[:, 1:]
    cut = np.square(np.clip(middles, low, high) - middles) @ counts
    inside = ((middles >= low) & (middles <= high)) @ counts
    step = (high - low)[:, 0] / STEPS
    rounded: NDArray[np.float64] = cut + inside * step**2 / 12
    return rounded
