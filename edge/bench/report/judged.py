"""A measurement with what is said of it: what every report is made from."""

from __future__ import annotations

from dataclasses import dataclass

from edge.bench.judge import judge
from edge.bench.judge.finding import Judgement
from edge.bench.record import Measurement
from edge.bench.statistics.summary import Summary, summarise


@dataclass(frozen=True)
class Judged:
    """One record, its statistics and its verdict."""

    done: Measurement
    summary: Summary
    judgement: Judgement


def judged(done: Measurement) -> Judged:
    """Compute both from the record."""
    summary = summarise(done)
    return Judged(done, summary, judge(done, summary))
