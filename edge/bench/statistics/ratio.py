"""How one series compares with another: the ratio of their medians, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.bench.statistics.median import CONFIDENCE, FEWEST, Median, median
from edge.bench.statistics.student import student
from edge.records import Record

FEWEST_RUNS = 3
"""Of which one can say how far runs are apart."""


@dataclass(frozen=True, kw_only=True)
class Ratio(Record):
    """A ratio and its 95% interval; 1.0 is `as much as the other`. `sure` as in `Median`."""

    low: float
    middle: float
    high: float
    sure: bool


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """The median of ours / theirs, over pairs that were measured next to each other.

    Both hold positive samples in one unit, in the order of measuring. Pairs cancel what drifts slowly, and the median
    does not follow a burst that meets one side. Raises ValueError for fewer than FEWEST pairs.
    """
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} samples and {len(theirs)} make no pairs")
    if len(ours) < FEWEST:
        raise ValueError(f"{len(ours)} pairs are too few for an interval, {FEWEST} are needed")
    found = median(np.log(ours) - np.log(theirs))
    return Ratio(low=math.exp(found.low), middle=math.exp(found.middle), high=math.exp(found.high), sure=found.sure)


def ratio_over_runs(ratios: Sequence[float]) -> Ratio:
    """The geometric mean of what several runs found, with Student's interval over the runs.

    What is the same within a run and other in the next, as where memory lies, is in the interval. Raises ValueError for
    fewer than FEWEST_RUNS.
    """
    if len(ratios) < FEWEST_RUNS:
        raise ValueError(f"{len(ratios)} runs do not show how much runs differ, {FEWEST_RUNS} are needed")
    logs = np.log(ratios)
    middle, spread = float(logs.mean()), float(logs.std(ddof=1))
    reach = student((1 + CONFIDENCE) / 2, len(logs) - 1) * spread / math.sqrt(len(logs))
    return Ratio(low=math.exp(middle - reach), middle=math.exp(middle), high=math.exp(middle + reach), sure=spread > 0)


def ratio_of_medians(ours: Median, theirs: Median) -> Ratio:
    """Of two series that were measured apart, each with its interval (Zou and Donner, Stat. Med. 27, 2008).

    What changed between the two, but not within either, is in no interval.
    """
    middle = math.log(ours.middle / theirs.middle)
    down = math.hypot(math.log(ours.middle / ours.low), math.log(theirs.high / theirs.middle))
    up = math.hypot(math.log(ours.high / ours.middle), math.log(theirs.middle / theirs.low))
    return Ratio(
        low=math.exp(middle - down),
        middle=math.exp(middle),
        high=math.exp(middle + up),
        sure=ours.sure and theirs.sure,
    )
