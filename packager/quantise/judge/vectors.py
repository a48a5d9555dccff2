"""Vectors of two models on the same inputs: whether they rank similarities alike, or point the same way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import starmap

import numpy as np
from numpy.typing import NDArray

from edge.bench.accuracy.uncertainty import Z
from edge.errors import CheckError
from edge.quantisation import Interval
from packager.quantise.judge.paired import POINTS, mean_lost

Vectors = NDArray[np.float64]

MOST_RANKED = 200
"""Inputs whose pairs are ranked: 19,900 pairs, once for each input that is left out."""


def finite(arrays: Sequence[NDArray[np.generic]]) -> list[Vectors]:
    """As float64; raises CheckError where one holds NaN or an infinity."""
    found = [np.asarray(array, np.float64) for array in arrays]
    bad = sum(not np.isfinite(array).all() for array in found)
    if bad:
        raise CheckError(f"{bad} of {len(found)} outputs hold NaN or infinity", remedy="keep more of it in float")
    return found


def rank_loss(ours: Sequence[Vectors], theirs: Sequence[Vectors]) -> Interval:
    """100 less Spearman's rho, in points, of the similarities of all pairs of inputs; both hold a vector for each.

    The interval is a jackknife over inputs, since pairs that share one are alike (Efron and Stein, Ann. Stat. 9, 1981).
    """
    one, other = (_similarities(np.stack(side[:MOST_RANKED])) for side in (ours, theirs))
    count = len(one)
    upper = np.triu_indices(count, 1)
    first, second, a, b = *upper, one[upper], other[upper]
    without = np.array([_spearman(a[kept], b[kept]) for kept in ((first != n) & (second != n) for n in range(count))])
    loss = POINTS * (1 - _spearman(a, b))
    reach = POINTS * Z * math.sqrt((count - 1) / count * float(np.square(without - without.mean()).sum()))
    return Interval(value=loss, low=max(loss - reach, 0.0), high=loss + reach)


def direction_loss(ours: Sequence[Vectors], theirs: Sequence[Vectors]) -> Interval:
    """100 less the cosine, in points, of outputs after what all inputs have in common was taken away.

    Outputs of networks with a large common part look alike whatever the input is.
    """
    alike = len({array.shape for array in ours}) == 1
    common: Vectors | float = np.mean(ours, axis=0) if alike else float(np.mean([array.mean() for array in ours]))
    centred = ((one - common, other - common) for one, other in zip(ours, theirs, strict=True))
    return mean_lost([POINTS * (1 - cosine) for cosine in starmap(_cosine, centred)])


def _similarities(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(length > 0, length, 1)
    similar: Vectors = unit @ unit.T
    return similar


def _spearman(one: Vectors, other: Vectors) -> float:
    ranks = [_ranks(side) for side in (one, other)]
    return _cosine(*(side - side.mean() for side in ranks))


def _ranks(values: Vectors) -> Vectors:
    """Equal values share the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Vectors = (last - (counts - 1) / 2)[place]
    return ranks


def _cosine(one: Vectors, other: Vectors) -> float:
    """Of two arrays as vectors; two without length agree."""
    lengths = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    if lengths == 0:
        return float(np.array_equal(one, other))
    return min(float(np.vdot(one, other)) / lengths, 1.0)
