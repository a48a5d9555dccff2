"""The 95% interval of a median, by block bootstrap, for samples whose neighbours may be alike.

The share of samples below the median is bootstrapped, in circular blocks that overlap, and the interval's ends are the
samples at the shares so found (Woodruff, JASA 47, 1952). A share is a mean, and the variance of a mean over all
resamples of blocks is that of the block means: it is computed, not drawn, so that the same samples always have the same
interval and a small board has it at once. Student's quantile stands for what few blocks leave unknown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.bench.statistics.early_stopping import samples_for
from edge.bench.statistics.likeness import block_length, likeness, signs
from edge.bench.statistics.student import student
from edge.records import Record

CONFIDENCE = 0.95
FEWEST = samples_for(0.5)
FEWEST_BLOCKS = 4
SURE_BLOCKS = 6
MOST_ALIKE = 0.8
FREEDOM = 1.5
"""Degrees of freedom of each block: overlapping ones tell half as much again (Meketon and Schmeiser, 1984)."""


@dataclass(frozen=True, kw_only=True)
class Median(Record):
    """The median and where it would lie in as many samples again: `low` to `high`, with 95% confidence.

    `likeness` is the correlation of neighbours above or below it. `sure` is False where samples are fewer than
    FEWEST, or so alike that they fill less than SURE_BLOCKS blocks, or more than MOST_ALIKE: the interval may then be
    too narrow.
    """

    low: float
    middle: float
    high: float
    likeness: float
    sure: bool


def median(samples: Sequence[float] | NDArray[np.float64]) -> Median:
    """The median of samples in the order in which they were measured; needs one."""
    series = np.asarray(samples, np.float64)
    count, ordered = len(series), np.sort(series)
    centred = signs(series)
    alike = likeness(centred)
    wanted = block_length(count, alike)
    length = max(1, min(wanted, count // FEWEST_BLOCKS))
    reach = _reach(centred, length) * count / 2
    low, middle, high = np.interp([(count - 1) / 2 + step for step in (-reach, 0, reach)], np.arange(count), ordered)
    return Median(
        low=float(low),
        middle=float(middle),
        high=float(high),
        likeness=alike,
        sure=count >= FEWEST and wanted * SURE_BLOCKS <= count and alike <= MOST_ALIKE,
    )


def _reach(centred: NDArray[np.float64], length: int) -> float:
    """Half the width of the interval of the mean sign, which moves by twice the share below the median."""
    count = len(centred)
    sums = np.concatenate(([0.0], np.cumsum(np.concatenate((centred, centred[: length - 1])))))
    means = (sums[length:] - sums[:-length]) / length
    blocks = count / length
    variance = float(means @ means) / count / blocks * count / max(count - length, 1)
    freedom = max(FREEDOM * (blocks - 1), 2.0)
    return student((1 + CONFIDENCE) / 2, freedom) * math.sqrt(variance)
