"""The interval of a paired ratio, under the name that the benchmarks know."""

from __future__ import annotations

from edge.bench.statistics.ratio import Ratio as Interval
from edge.bench.statistics.ratio import paired_ratio as ratio_interval

__all__ = ["Interval", "ratio_interval"]
