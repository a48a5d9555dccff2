"""Which charts a page has for one measurement."""

from __future__ import annotations

from collections.abc import Iterator

from edge.bench.report.distribution import distribution, tail
from edge.bench.report.figure import Figure
from edge.bench.report.judged import Judged
from edge.bench.report.over_time import over_time
from edge.bench.report.special import memory, rates
from edge.bench.report.time_spent import phases, stages
from edge.bench.report.title import timed
from edge.bench.statistics.percentiles import PERCENTILES


def figures(one: Judged) -> Iterator[Figure]:
    """The samples first, then what may explain them."""
    done, queries = one.done, one.summary.queries
    yield distribution(done, queries.percentiles)
    if len(done.samples) > 1:
        yield tail(done, queries.percentiles, PERCENTILES)
    yield over_time(done)
    if done.server is not None and done.server.probes:
        yield rates(done.server)
    if done.growth is not None and len(done.growth.resident) > 1:
        yield memory(done.growth, done.batch)
    if done.stages:
        what = "a cold start" if timed(done) == "cold start" else "a query"
        yield stages(what, {name: series.median.middle for name, series in one.summary.stages.items()})
    if timed(done) != "cold start":
        yield phases(done)
