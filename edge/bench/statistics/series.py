"""Everything that is said of one series of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.bench.statistics.early_stopping import samples_for
from edge.bench.statistics.median import Median, median
from edge.bench.statistics.percentiles import bounds, percentiles
from edge.records import Record

FENCE = 3.0
"""Quartile distances beyond the quartiles from where a sample is an outlier (Tukey's far out)."""


@dataclass(frozen=True, kw_only=True)
class Series(Record):
    """Of samples in the order of measuring, in their unit; what there are too few samples for is None.

    `percentiles` and `bounds` are by name (`p50`, `p90`, `p95`, `p99`, `p99.9`): the percentile of these samples, and
    what the true one does not exceed with 99% confidence. `mad` is the median distance from the median, `iqr` that
    between the quartiles. `drift` is by how much the last third's median is above that of the first, 0.05 for 5%.
    `outliers` are counted, and in everything else like all others.
    """

    count: int
    minimum: float
    maximum: float
    percentiles: Mapping[str, float | None]
    bounds: Mapping[str, float | None]
    median: Median
    mad: float
    iqr: float
    drift: float | None
    outliers: int

    @property
    def spread(self) -> float:
        """The distance between the quartiles as a share of the median."""
        return self.iqr / self.median.middle if self.median.middle else 0.0


def describe(samples: Sequence[float]) -> Series:
    """Needs one sample."""
    series = np.asarray(samples, np.float64)
    ordered = np.sort(series)
    first, middle, third = np.quantile(ordered, (0.25, 0.5, 0.75))
    fence = FENCE * (third - first)
    values = ordered.tolist()
    return Series(
        count=len(values),
        minimum=values[0],
        maximum=values[-1],
        percentiles=percentiles(values),
        bounds=bounds(values),
        median=median(series),
        mad=float(np.median(np.abs(series - middle))),
        iqr=float(third - first),
        drift=_drift(series),
        outliers=int(np.count_nonzero((series < first - fence) | (series > third + fence))),
    )


def _drift(series: NDArray[np.float64]) -> float | None:
    third = len(series) // 3
    if third < samples_for(0.5):
        return None
    before, after = np.median(series[:third]), np.median(series[-third:])
    return float(after / before - 1) if before else None
