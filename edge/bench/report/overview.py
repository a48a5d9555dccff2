"""Several measurements beside one another: a table, and the charts that only several make sense of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from edge.bench.accuracy.uncertainty import interval
from edge.bench.record import Measurement
from edge.bench.report.charts.scatter import Point, pareto_front, scatter
from edge.bench.report.charts.whiskers import whiskers
from edge.bench.report.figure import Figure
from edge.bench.report.groups import Group
from edge.bench.report.headlines import metric_title
from edge.bench.report.sheets import Sheet
from edge.bench.report.title import place
from edge.bench.report.units import MISSING, mebibytes, milliseconds, percent, plain

TRAITS: Sequence[tuple[str, Callable[[Measurement], str]]] = (
    ("bundle", lambda done: done.bundle),
    ("board", place),
    ("scenario", lambda done: done.scenario),
    ("artifact", lambda done: f"{done.file} {done.precision}"),
    ("engine", lambda done: f"{done.engine} {done.engine_version}"),
    ("threads", lambda done: f"{done.threads_got} threads" if done.threads_got > 1 else "1 thread"),
    ("batch", lambda done: f"batch {done.batch}"),
    ("input", lambda done: done.input),
)
"""What tells groups apart, or holds for all of them."""

SMALLER_IS_BETTER = frozenset({"cer"})


@dataclass(frozen=True)
class Score:
    """One metric on one dataset: only what was asked the same can be compared."""

    metric: str
    dataset: str
    digest: str

    @property
    def title(self) -> str:
        """`top-1 on digits`."""
        return f"{metric_title(self.metric)} on {self.dataset}"

    def of(self, one: Group) -> float | None:
        """A group's share from 0 to 1, None where it was measured on something else."""
        found = one.accuracy
        return found.metrics.get(self.metric) if found is not None and found.digest == self.digest else None


def shared(all_of: Sequence[Group]) -> str:
    """What is the same for all, in one line; the table need not repeat it."""
    return ", ".join(read(all_of[0].done) for _, read in TRAITS if not _differs(all_of, read))


def overview(all_of: Sequence[Group]) -> Sheet:
    """A row for each group, the verdict first: a figure that cannot be quoted should not be read as one."""
    scores = _scores(all_of)
    traits = [(name, read) for name, read in TRAITS if _differs(all_of, read)]
    several = any(len(one.runs) > 1 for one in all_of)
    head = (
        *("", "verdict", "median (ms)", "range of runs" if several else "95% interval"),
        *(name for name, _ in traits),
        *(("runs",) if several else ()),
        *("p90", "p99", "inputs/s", "memory", *(score.title for score in scores)),
    )
    rows = tuple(
        (
            *(one.key, one.verdict, milliseconds(one.middle, unit=False), _ends(one)),
            *(read(one.done) for _, read in traits),
            *((str(len(one.runs)),) if several else ()),
            *_figures(one, scores),
        )
        for one in all_of
    )
    records = sum(len(one.runs) for one in all_of)
    return Sheet(f"{records} measurements", rows, head)


def _differs(all_of: Sequence[Group], read: Callable[[Measurement], str]) -> bool:
    return len({read(one.done) for one in all_of}) > 1


def _ends(one: Group) -> str:
    low, high = one.ends
    return f"{milliseconds(low, unit=False)} to {milliseconds(high, unit=False)}"


def _figures(one: Group, scores: Sequence[Score]) -> Iterator[str]:
    yield milliseconds(one.middle_of(lambda run: run.summary.queries.percentiles["p90"]), unit=False)
    yield milliseconds(one.middle_of(lambda run: run.summary.queries.percentiles["p99"]), unit=False)
    throughput = one.middle_of(lambda run: run.summary.throughput)
    yield MISSING if throughput is None else plain(throughput)
    yield mebibytes(max(run.done.peak_memory for run in one.runs))
    yield from (percent(score.of(one), 4) for score in scores)


def overview_figures(all_of: Sequence[Group]) -> Iterator[Figure]:
    """Medians, and accuracy against latency for each score that at least two have."""
    yield _medians(all_of)
    for score in _scores(all_of):
        with_it = [one for one in all_of if score.of(one) is not None]
        if len(with_it) > 1:
            yield _pareto(with_it, score)


def _medians(all_of: Sequence[Group]) -> Figure:
    best = min(all_of, key=lambda one: one.middle)
    single = all(len(one.runs) == 1 for one in all_of)
    lines = "95% intervals of one run each" if single else "from the fastest run to the slowest"
    says = f"{best.key} has the lowest median, {milliseconds(best.middle)}. Lines are {lines}."
    points = [_point(one, (0.0, 0.0, 0.0)) for one in all_of]
    return Figure("Median latency", says, lambda width, words: whiskers(points, width, words))


def _pareto(all_of: Sequence[Group], score: Score) -> Figure:
    more = score.metric not in SMALLER_IS_BETTER
    points = [_point(one, _level(one, score)) for one in all_of]
    front = pareto_front(points, more_is_better=more)
    title = metric_title(score.metric)
    said = ", ".join(f"{point.name} ({plain(point.x)} ms, {plain(point.y)}%)" for point in front)
    says = f"Nothing else here is both faster and more accurate than {said}. Others are grey; lines are 95% intervals."
    rows = [
        (
            *(point.name, f"{one.done.bundle}, {one.done.engine}, {one.done.precision}", str(one.done.threads_got)),
            *(f"{plain(point.x)} ms", f"{plain(point.y)}%", "no" if point in front else "yes"),
        )
        for one, point in zip(all_of, points, strict=True)
    ]
    return Figure(
        f"Accuracy against latency: {score.title}",
        says,
        lambda width, words: scatter(points, f"{title} (%)", width, words, more_is_better=more),
        ("", "artifact", "threads", "median", title, "beaten"),
        rows,
    )


def _point(one: Group, levels: tuple[float, float, float]) -> Point:
    floor, level, top = levels
    low, high = one.ends
    return Point(one.key, one.middle * 1000, level, low * 1000, high * 1000, floor, top)


def _level(one: Group, score: Score) -> tuple[float, float, float]:
    """The score in percent between the ends of its interval, where the dataset gives one."""
    value = score.of(one) or 0.0
    known = interval(one.accuracy, score.metric) if one.accuracy is not None else None
    low, high = known or (value, value)
    return 100 * low, 100 * value, 100 * high


def _scores(all_of: Sequence[Group]) -> list[Score]:
    found = [one.accuracy for one in all_of if one.accuracy is not None]
    return list(dict.fromkeys(Score(name, one.dataset, one.digest) for one in found for name in one.metrics))
