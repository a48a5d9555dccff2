"""Runs of one thing together: a sweep's rounds, or a benchmark that was started again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from statistics import median
from string import ascii_uppercase

from edge.bench.accuracy import Accuracy
from edge.bench.judge.finding import VERDICTS
from edge.bench.record import Measurement
from edge.bench.report.judged import Judged
from edge.bench.report.title import place


@dataclass(frozen=True)
class Group:
    """Runs of one thing, at least one; charts have no room for its name and call it by its `key`."""

    key: str
    runs: tuple[Judged, ...]

    @property
    def done(self) -> Measurement:
        """The first run: of what is the same for all."""
        return self.runs[0].done

    @property
    def verdict(self) -> str:
        """The worst of all runs."""
        return max((one.judgement.verdict for one in self.runs), key=VERDICTS.index)

    @property
    def middle(self) -> float:
        """The median latency in seconds, of several runs the median of theirs."""
        return median(one.summary.queries.median.middle for one in self.runs)

    @property
    def ends(self) -> tuple[float, float]:
        """Around `middle`: the 95% interval of one run, or the medians of the fastest and the slowest run."""
        if len(self.runs) == 1:
            found = self.runs[0].summary.queries.median
            return found.low, found.high
        middles = [one.summary.queries.median.middle for one in self.runs]
        return min(middles), max(middles)

    def middle_of(self, read: Callable[[Judged], float | None]) -> float | None:
        """The median over the runs that have a value; None where one has none."""
        values = [read(one) for one in self.runs]
        known = [value for value in values if value is not None]
        return median(known) if len(known) == len(values) else None

    @property
    def accuracy(self) -> Accuracy | None:
        """Of the first run that has it: a sweep measures it in one round only."""
        return next((one.done.accuracy for one in self.runs if one.done.accuracy is not None), None)


def groups(all_of: Sequence[Judged]) -> list[Group]:
    """In the order of their first runs, each with a key."""
    found: dict[Hashable, list[Judged]] = {}
    for one in all_of:
        found.setdefault(_sameness(one.done), []).append(one)
    return [Group(key_of(number), tuple(runs)) for number, runs in enumerate(found.values())]


def key_of(number: int) -> str:
    """A to Z, then A1 and so on."""
    letters = len(ascii_uppercase)
    return ascii_uppercase[number % letters] + (str(number // letters) if number >= letters else "")


def _sameness(done: Measurement) -> Hashable:
    """What the runs of one thing share: bundle, artifact, engine, threads, input, scenario, machine and versions."""
    return (
        *(done.digest, done.file, done.file_digest, done.engine, done.engine_version, done.providers, done.precision),
        *(done.threads_got, done.batch, done.scenario, done.input, bool(done.stages), done.edge),
        *(place(done), done.conditions.power_mode),
        done.server and (done.server.rate, done.server.bound),
    )
