"""How alike neighbouring samples are, and how long a block must be to hold what they share."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

HIGHEST = 0.97


def signs(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 above the median, -1 below, 0 on it, less their mean: a burst counts by how long it is, not by how high."""
    found = np.sign(samples - np.median(samples))
    centred: NDArray[np.float64] = found - found.mean()
    return centred


def likeness(centred: NDArray[np.float64]) -> float:
    """The correlation of neighbours, 0 to HIGHEST, without the bias that a short series gives it (Kendall, 1954)."""
    spread = float(centred @ centred)
    if spread == 0:
        return 0.0
    found = float(centred[:-1] @ centred[1:]) / spread
    return min(max(found + (1 + 3 * max(found, 0.0)) / len(centred), 0.0), HIGHEST)


def block_length(count: int, alike: float) -> int:
    """Samples in a block, for `count` samples whose neighbours correlate by `alike`.

    Andrews' rule for a first-order process (Econometrica 59, 1991, equations 5.3 and 6.4), half as long again: the
    signs of such a process stay alike for longer than it does.
    """
    scale = 4 * alike**2 / (1 - alike**2) ** 2
    return 1 + round(1.5 * 1.1447 * math.pow(scale * count, 1 / 3))
