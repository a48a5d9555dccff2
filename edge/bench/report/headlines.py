"""The few figures that a measurement is for, each with what it is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edge.bench.accuracy import Accuracy
from edge.bench.accuracy.uncertainty import interval
from edge.bench.growth import growth_per_hundred
from edge.bench.record import Measurement
from edge.bench.report.judged import Judged
from edge.bench.report.over_time import slowed
from edge.bench.report.title import timed
from edge.bench.report.units import MISSING, mebibytes, milliseconds, percent, plain
from edge.bench.statistics.early_stopping import CONFIDENCE, samples_for
from edge.bench.statistics.median import CONFIDENCE as INTERVAL
from edge.bench.statistics.percentiles import PERCENTILES
from edge.bench.statistics.soak import SLOWER, soak

TOLD = ("p90", "p99")


@dataclass(frozen=True)
class Headline:
    """A name, a value that may be MISSING, and a note."""

    name: str
    value: str
    note: str = ""


def headlines(one: Judged) -> Iterator[Headline]:
    """The most important first; a percentile that there are too few samples for says how many it needs."""
    done, queries = one.done, one.summary.queries
    ends = f"{milliseconds(queries.median.low, unit=False)} to {milliseconds(queries.median.high)}"
    sure = "" if queries.median.sure else "; not sure, neighbouring samples are too alike"
    yield Headline(
        f"median {timed(done)}", milliseconds(queries.median.middle), f"{percent(INTERVAL)} interval {ends}{sure}"
    )
    for name in TOLD:
        value, bound = queries.percentiles[name], queries.bounds[name]
        if value is None or bound is None:
            needed = samples_for(PERCENTILES[name])
            yield Headline(name, MISSING, f"needs {needed} samples, there are {queries.count}")
        else:
            yield Headline(
                name, milliseconds(value), f"at most {milliseconds(bound)}, with {percent(CONFIDENCE)} confidence"
            )
    if done.scenario == "sustained":
        yield from _soaked(done)
    if done.server is not None:
        asked = f"{percent(done.server.percentile, 4)} within {milliseconds(done.server.bound)}"
        yield Headline(
            "rate", f"{plain(done.server.rate)} /s", f"{asked}: {'held' if done.server.holds else 'not held'}"
        )
    yield Headline("throughput", f"{plain(one.summary.throughput)} /s", f"inputs a second, {done.batch} to a query")
    yield Headline("peak memory", mebibytes(done.peak_memory), "of the process that ran it")
    if done.growth is not None:
        slope = growth_per_hundred(done.growth, done.batch)
        said = MISSING if slope is None else mebibytes(slope)
        yield Headline("memory growth", said, f"per 100 inputs, over {len(done.growth.resident) - 1} queries")
    if done.accuracy is not None:
        for name, value in done.accuracy.metrics.items():
            yield Headline(metric_title(name), percent(value, 4), _sure_of(done.accuracy, name))
    if done.limit is not None:
        held = "computing" if done.limit.computing >= done.limit.moving else "moving bytes"
        yield Headline(
            "share of the limit",
            percent(one.summary.limit_share),
            f"{milliseconds(done.limit.seconds)} of {held} at least",
        )


def _soaked(done: Measurement) -> Iterator[Headline]:
    """What heat left of the speed."""
    found = soak(done.samples, done.ends, done.seconds)
    if found is None:
        yield Headline("speed kept", MISSING, "needs more queries over more time")
        return
    ends = f"{milliseconds(found.peak)} at best, {milliseconds(found.settled)} in the last third"
    yield Headline("speed kept", percent(found.kept, 3), ends)
    when = "never" if found.slower_after is None else f"{plain(found.slower_after, 3)} s"
    yield Headline("slower after", when, f"over {percent(SLOWER)} slower than at best, from then on")
    first = next((start for start, _ in slowed(done.conditions, done.seconds)), None)
    if first is not None:
        yield Headline("held back after", f"{plain(first, 3)} s", "as the machine's sensors say")


def _sure_of(accuracy: Accuracy, metric: str) -> str:
    """How many inputs it is of, and how far they tell of others."""
    inputs = f"{accuracy.inputs} inputs of {accuracy.dataset}"
    if accuracy.failed:
        inputs += f", {accuracy.failed} without a result"
    known = interval(accuracy, metric)
    return inputs if known is None else f"{inputs}; 95% interval {percent(known[0], 3)} to {percent(known[1], 3)}"


def metric_title(name: str) -> str:
    """How a metric of accuracy is written."""
    return {"top1": "top-1", "exact_match": "exact match", "cer": "character errors"}.get(name, name)
