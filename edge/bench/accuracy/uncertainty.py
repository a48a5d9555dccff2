"""How sure a measure of accuracy is: a dataset is a sample of all inputs that there could be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist

import numpy as np

from edge.bench.accuracy import Accuracy

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def interval(found: Accuracy, metric: str) -> tuple[float, float] | None:
    """Where the metric lies with 95% confidence over inputs like these; None where nothing is known of it."""
    if metric not in INTERVALS or not found.errors:
        return None
    return INTERVALS[metric](found.errors, found.lengths)


def share_right(errors: Sequence[int], _lengths: Sequence[int]) -> tuple[float, float]:
    """Of the share without errors (Wilson, JASA 22, 1927), which says something at 0 and 1, too."""
    count = len(errors)
    share = sum(not one for one in errors) / count
    middle = (share + Z * Z / (2 * count)) / (1 + Z * Z / count)
    reach = Z / (1 + Z * Z / count) * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def error_rate(errors: Sequence[int], lengths: Sequence[int]) -> tuple[float, float] | None:
    """Of edits per character, from how inputs differ in it (the linearised variance of a ratio); None for one input."""
    made, possible = np.asarray(errors, np.float64), np.asarray(lengths, np.float64)
    count, total = len(made), float(possible.sum())
    if count < 2 or not total:
        return None
    rate = float(made.sum()) / total
    apart = made - rate * possible
    reach = Z * math.sqrt(count / (count - 1) * float(apart @ apart)) / total
    return max(0.0, rate - reach), rate + reach


INTERVALS: Mapping[str, Callable[[Sequence[int], Sequence[int]], tuple[float, float] | None]] = {
    "top1": share_right,
    "exact_match": share_right,
    "cer": error_rate,
}
