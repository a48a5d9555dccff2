"""Points that are lost between two models on the same inputs, with a 95% interval from how inputs differ."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from edge.bench.accuracy import Accuracy
from edge.bench.accuracy.uncertainty import Z
from edge.errors import InputError
from edge.quantisation import Interval

POINTS = 100.0


def drop(fp32: Accuracy, other: Accuracy) -> Interval:
    """What `other` loses, in points of top-1 or of the character error rate; below 0 it is better.

    Raises InputError where the two are not of one dataset.
    """
    if (fp32.digest, fp32.inputs) != (other.digest, other.inputs) or fp32.lengths != other.lengths:
        raise InputError(
            f"the accuracy on {fp32.dataset} and on {other.dataset} make no pairs", remedy="measure on one dataset"
        )
    return lost(fp32.errors, other.errors, fp32.lengths)


def lost(before: Sequence[int], after: Sequence[int], lengths: Sequence[int]) -> Interval:
    """Errors more than before, per hundred things that could be right.

    All three hold a number for each input, `lengths` is 1 for labels and characters for texts. For labels the interval
    is that of Agresti and Min (Stat. Med. 24, 2005): it adds two more, half of one each turned wrong, turned right, and
    twice the same, and so says something where no answer changed. For texts it is as wide as inputs differ, and no
    narrower than if every character were an answer of its own. Raises InputError where nothing could be right.
    """
    changes = np.subtract(after, before, dtype=np.float64)
    sizes = np.asarray(lengths, np.float64)
    total = float(sizes.sum())
    if not total:
        raise InputError("what is judged on has nothing that could be right", remedy="give inputs with text")
    rate = float(changes.sum()) / (total + 2)
    apart = changes - rate * sizes
    of_inputs = float(apart @ apart) + 2 * rate**2
    of_characters = float(np.abs(changes).sum()) - (total + 2) * rate**2
    reach = Z * math.sqrt(1 + max(of_inputs, of_characters)) / (total + 2)
    value = POINTS * float(changes.sum()) / total
    return Interval(value=value, low=POINTS * (rate - reach), high=POINTS * (rate + reach))


def mean_lost(losses: Sequence[float]) -> Interval:
    """The mean of each input's loss, in points, two or more."""
    found = np.asarray(losses, np.float64)
    middle = float(found.mean())
    reach = Z * float(found.std(ddof=1)) / math.sqrt(len(found))
    return Interval(value=middle, low=middle - reach, high=middle + reach)
