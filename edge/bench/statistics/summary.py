"""Everything that is said of a measurement; the judge, the reports and comparisons read it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edge.bench.record import Measurement
from edge.bench.statistics.series import Series, describe
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Summary(Record):
    """Of the queries, and of each stage where there are stages; times in seconds. `throughput` is inputs a second.

    `limit_share` is how near the engine's median came to the machine's limit, where that is known: 1.0 is all there is.
    """

    queries: Series
    stages: Mapping[str, Series]
    throughput: float
    limit_share: float | None = None


def summarise(measurement: Measurement) -> Summary:
    """Compute it from the raw samples."""
    queries = describe(measurement.samples)
    stages = {name: describe(samples) for name, samples in measurement.stages.items()}
    engine, limit = stages.get("engine", queries).median.middle, measurement.limit
    return Summary(
        queries=queries,
        stages=stages,
        throughput=measurement.inputs / measurement.seconds,
        limit_share=limit.share(engine) if limit and engine else None,
    )
