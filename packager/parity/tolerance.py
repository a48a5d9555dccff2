"""How far a hop may be from torch.

The unit of error is torch's own: the distance between its float32 and its float64 result on the same samples. A hop may
use 50 times that, or 1e-5 of the largest output where that is more, and never more than 1e-4 of it. Networks whose
outputs hardly differ between samples would pass any test that is relative to the output alone, so the error is also
held against the spread between the samples of a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from packager.parity.reference import Sample

NOISE_FACTOR = 50.0
FLOOR = 1e-5
CEILING = 1e-4
SPREAD_SHARE = 1e-3


@dataclass(frozen=True)
class Tolerance:
    """The limit on the absolute error of one output, with what it was derived from (all in the output's unit)."""

    limit: float
    noise: float
    scale: float
    spread: float


def tolerance_of(output: str, samples: Sequence[Sample]) -> Tolerance:
    """The tolerance of one output over all samples."""
    noise = scale = spread = 0.0
    for sample in samples:
        expected = np.asarray(sample.expected[output], np.float64)
        counted = valid_elements(sample, output)
        if not counted.any():
            continue
        scale = max(scale, float(np.abs(expected[counted]).max()))
        if output in sample.precise:
            noise = max(noise, float(np.abs(expected - np.asarray(sample.precise[output], np.float64))[counted].max()))
        if sample.batch > 1 and expected.ndim:
            together = counted.all(axis=0)
            centred = np.abs(expected - expected.mean(axis=0))[:, together]
            spread = max(spread, float(centred.max(initial=0.0)))
    # Without a float64 result the noise is not known, and only the ceiling holds.
    measured = all(output in sample.precise for sample in samples)
    limit = min(max(NOISE_FACTOR * noise, FLOOR * scale), CEILING * scale) if measured else CEILING * scale
    if spread > 0:
        limit = min(limit, max(NOISE_FACTOR * noise, SPREAD_SHARE * spread))
    return Tolerance(limit, noise, scale, spread)


def valid_elements(sample: Sample, output: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """A bool array in the output's shape: the elements that count."""
    shape = sample.expected[output].shape
    mask = sample.valid.get(output)
    if mask is None:
        return np.ones(shape, bool)
    mask = np.asarray(mask, bool)
    return np.broadcast_to(mask.reshape(mask.shape + (1,) * (len(shape) - mask.ndim)), shape)
