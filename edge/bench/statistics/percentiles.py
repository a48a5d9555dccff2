"""Percentiles of samples, and which of them there are enough samples for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edge.bench.statistics.early_stopping import estimate, samples_for

PERCENTILES: Mapping[str, float] = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
"""Those that are reported."""


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the ordered samples lie, linear between neighbours (numpy's default)."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def percentiles(ordered: Sequence[float]) -> dict[str, float | None]:
    """Each of PERCENTILES, None where there are too few samples to say it."""
    return {
        name: percentile(ordered, share) if len(ordered) >= samples_for(share) else None
        for name, share in PERCENTILES.items()
    }


def bounds(ordered: Sequence[float]) -> dict[str, float | None]:
    """What each of PERCENTILES does not exceed with 99% confidence, None where there are too few samples."""
    return {name: estimate(ordered, share) for name, share in PERCENTILES.items()}
