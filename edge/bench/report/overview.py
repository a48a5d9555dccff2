"""Several measurements beside one another: a table, and the charts that only several make sense of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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


def shared(all_of: Sequence[Group]) -> str:
    """What is the same for all, in one line; the table need not repeat it."""
    return ", ".join(read(all_of[0].done) for _, read in TRAITS if not _differs(all_of, read))


def overview(all_of: Sequence[Group]) -> Sheet:
    """A row for each group, the verdict first: a figure that cannot be quoted should not be read as one."""
    metrics = _metrics(all_of)
    traits = [(name, read) for name, read in TRAITS if _differs(all_of, read)]
    several = any(len(one.runs) > 1 for one in all_of)
    head = (
        *("", "verdict", "median (ms)", *(name for name, _ in traits)),
        *(("runs", "fastest to slowest run") if several else ("95% interval",)),
        *("p90", "p99", "inputs/s", "memory", *map(metric_title, metrics)),
    )
    rows = tuple(
        (
            *(one.key, one.verdict, milliseconds(one.middle, unit=False), *(read(one.done) for _, read in traits)),
            *((str(len(one.runs)),) if several else ()),
            *_figures(one, metrics),
        )
        for one in all_of
    )
    records = sum(len(one.runs) for one in all_of)
    return Sheet(f"{records} measurements", rows, head)


def _differs(all_of: Sequence[Group], read: Callable[[Measurement], str]) -> bool:
    return len({read(one.done) for one in all_of}) > 1


def _figures(one: Group, metrics: Sequence[str]) -> Iterator[str]:
    low, high = one.ends
    yield f"{milliseconds(low, unit=False)} to {milliseconds(high, unit=False)}"
    yield milliseconds(one.middle_of(lambda run: run.summary.queries.percentiles["p90"]), unit=False)
    yield milliseconds(one.middle_of(lambda run: run.summary.queries.percentiles["p99"]), unit=False)
    throughput = one.middle_of(lambda run: run.summary.throughput)
    yield MISSING if throughput is None else plain(throughput)
    yield mebibytes(max(run.done.peak_memory for run in one.runs))
    yield from (percent(one.metric(name), 4) for name in metrics)


def overview_figures(all_of: Sequence[Group]) -> Iterator[Figure]:
    """Medians, and accuracy against latency for each metric that at least two have."""
    yield _medians(all_of)
    for metric in _metrics(all_of):
        with_it = [one for one in all_of if one.metric(metric) is not None]
        if len(with_it) > 1:
            yield _pareto(with_it, metric)


def _medians(all_of: Sequence[Group]) -> Figure:
    best = min(all_of, key=lambda one: one.middle)
    single = all(len(one.runs) == 1 for one in all_of)
    lines = "95% intervals of one run each" if single else "from the fastest run to the slowest"
    says = f"{best.key} has the lowest median, {milliseconds(best.middle)}. Lines are {lines}."
    points = [_point(one, 0.0) for one in all_of]
    return Figure("Median latency", says, lambda width, words: whiskers(points, width, words))


def _pareto(all_of: Sequence[Group], metric: str) -> Figure:
    more = metric not in SMALLER_IS_BETTER
    points = [_point(one, 100 * (one.metric(metric) or 0.0)) for one in all_of]
    front = pareto_front(points, more_is_better=more)
    title = metric_title(metric)
    said = ", ".join(f"{point.name} ({plain(point.x)} ms, {plain(point.y)}%)" for point in front)
    says = f"Nothing else here is both faster and more accurate than {said}. What is beaten is grey."
    rows = [
        (
            *(point.name, f"{one.done.bundle}, {one.done.engine}, {one.done.precision}", str(one.done.threads_got)),
            *(f"{plain(point.x)} ms", f"{plain(point.y)}%", "no" if point in front else "yes"),
        )
        for one, point in zip(all_of, points, strict=True)
    ]
    return Figure(
        f"Accuracy against latency: {title}",
        says,
        lambda width, words: scatter(points, f"{title} (%)", width, words, more_is_better=more),
        ("", "artifact", "threads", "median", title, "beaten"),
        rows,
    )


def _point(one: Group, level: float) -> Point:
    low, high = one.ends
    return Point(one.key, one.middle * 1000, level, low * 1000, high * 1000)


def _metrics(all_of: Sequence[Group]) -> list[str]:
    runs = [run.done.accuracy for one in all_of for run in one.runs if run.done.accuracy]
    return list(dict.fromkeys(name for accuracy in runs for name in accuracy.metrics))
