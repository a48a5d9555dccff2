"""Everything that is said of a measurement; the judge, the reports and comparisons read it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edge.bench.record import Measurement
from edge.bench.statistics.series import Series, describe
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Summary(Record):
    """Of the queries, and of each stage where there are stages; times in seconds. `throughput` is inputs a second."""

    queries: Series
    stages: Mapping[str, Series]
    throughput: float


def summarise(measurement: Measurement) -> Summary:
    """Compute it from the raw samples."""
    return Summary(
        queries=describe(measurement.samples),
        stages={name: describe(samples) for name, samples in measurement.stages.items()},
        throughput=measurement.inputs / measurement.seconds,
    )
