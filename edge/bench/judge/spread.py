"""Rules of how much the samples differ."""

from __future__ import annotations

from collections.abc import Iterator

from edge.bench.judge.finding import Finding
from edge.bench.record import Measurement
from edge.bench.statistics.summary import Summary

SPREAD = 0.10
"""Of the quartiles' distance to the median; from there on torch.utils.benchmark warns, too."""

DRIFT = 0.05


def spread(_done: Measurement, summary: Summary) -> Iterator[Finding]:
    """Samples that lie far apart: their quartiles by over 10% of the median."""
    if summary.queries.spread > SPREAD:
        yield Finding(
            reason=f"half of the samples lie {summary.queries.spread:.0%} of the median apart",
            remedy="stop other processes, set the governor performance, measure again",
        )


def drift(_done: Measurement, summary: Summary) -> Iterator[Finding]:
    """A last third that is over 5% slower, or faster, than the first."""
    drifted = summary.queries.drift
    if drifted is not None and abs(drifted) > DRIFT:
        yield Finding(
            reason=f"the last third is {abs(drifted):.0%} {'slower' if drifted > 0 else 'faster'} than the first",
            remedy="cool the board, or see what it settles at: --scenario sustained"
            if drifted > 0
            else "give more --warmup",
        )


def alike(_done: Measurement, summary: Summary) -> Iterator[Finding]:
    """Neighbours that follow each other so closely that the interval of the median cannot be trusted."""
    if not summary.queries.median.sure:
        yield Finding(
            reason="samples follow their neighbours too closely, or are too few, for the interval of the median",
            remedy="give more --min-samples, or --min-seconds",
        )
