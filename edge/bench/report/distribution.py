"""The charts of the samples themselves: how they are distributed, and the tail."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from edge.bench.record import Measurement
from edge.bench.report.charts.histogram import histogram
from edge.bench.report.charts.percentile_curve import percentile_curve
from edge.bench.report.figure import Figure
from edge.bench.report.units import milliseconds, plain


def distribution(done: Measurement, percentiles: Mapping[str, float | None]) -> Figure:
    """The histogram; percentiles that were not said, for want of samples, are not marked either."""
    samples = [seconds * 1000 for seconds in done.samples]
    marks = {name: seconds * 1000 for name, seconds in percentiles.items() if seconds is not None}
    low, middle, high = (float(value) for value in np.percentile(done.samples, [25, 50, 75]))
    says = (
        f"Half of {len(samples)} queries took between {milliseconds(low)} and {milliseconds(high)}; "
        f"the quickest {milliseconds(min(done.samples))}, the slowest {milliseconds(max(done.samples))}, "
        f"{plain(max(done.samples) / middle, 3)} times the median."
    )
    return Figure("Latency distribution", says, lambda width, words: histogram(samples, marks, width, words))


def tail(done: Measurement, percentiles: Mapping[str, float | None], shares: Mapping[str, float]) -> Figure:
    """Latency by percentile; dashed beyond the highest percentile that is said."""
    samples = [seconds * 1000 for seconds in done.samples]
    said = [name for name, seconds in percentiles.items() if seconds is not None]
    supported = max((shares[name] for name in said), default=0.0)
    highest = max(said, key=lambda name: shares[name], default="")
    support = f"samples are enough for {highest}" if highest else "samples are too few for any percentile"
    return Figure(
        "Latency by percentile",
        f"Each nine on the axis has the room of the one before. The {support}: beyond, dashed, is only what was seen.",
        lambda width, words: percentile_curve(samples, supported, width, words),
        ("percentile", "latency"),
        [(name, "n/a" if value is None else milliseconds(value)) for name, value in percentiles.items()],
    )
