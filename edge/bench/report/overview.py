"""Several measurements beside one another: a table, and the charts that only several make sense of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from string import ascii_uppercase

from edge.bench.report.charts.scatter import Point, pareto_front, scatter
from edge.bench.report.charts.whiskers import whiskers
from edge.bench.report.figure import Figure
from edge.bench.report.headlines import metric_title
from edge.bench.report.judged import Judged
from edge.bench.report.sheets import Sheet
from edge.bench.report.title import place
from edge.bench.report.units import mebibytes, milliseconds, percent, plain

TRAITS: Sequence[tuple[str, Callable[[Judged], str]]] = (
    ("bundle", lambda one: one.done.bundle),
    ("board", lambda one: place(one.done)),
    ("scenario", lambda one: one.done.scenario),
    ("artifact", lambda one: f"{one.done.file} {one.done.precision}"),
    ("engine", lambda one: f"{one.done.engine} {one.done.engine_version}"),
    ("threads", lambda one: f"{one.done.threads_got} threads" if one.done.threads_got > 1 else "1 thread"),
    ("batch", lambda one: f"batch {one.done.batch}"),
    ("input", lambda one: one.done.input),
)
"""What tells records apart, or holds for all of them."""

SMALLER_IS_BETTER = frozenset({"cer"})


def keys(count: int) -> list[str]:
    """A, B, ..., Z, A1, B1, ...: how records are called in charts, where their names have no room."""
    return [ascii_uppercase[place % 26] + (str(place // 26) if place >= 26 else "") for place in range(count)]


def shared(all_of: Sequence[Judged]) -> str:
    """What is the same for all records, in one line; the table need not repeat it."""
    return ", ".join(sorted({read(one) for one in all_of}).pop() for _, read in TRAITS if not _differs(all_of, read))


def overview(all_of: Sequence[Judged]) -> Sheet:
    """A row for each record, the verdict first: a figure that cannot be quoted should not be read as one."""
    metrics = _metrics(all_of)
    traits = [(name, read) for name, read in TRAITS if _differs(all_of, read)]
    head = (
        *("", "verdict", "median (ms)", *(name for name, _ in traits)),
        *("95% interval", "p90", "p99", "inputs/s", "memory"),
        *map(metric_title, metrics),
    )
    rows = tuple(
        (key, one.judgement.verdict, _median(one), *(read(one) for _, read in traits), *_figures(one, metrics))
        for key, one in zip(keys(len(all_of)), all_of, strict=True)
    )
    return Sheet(f"{len(all_of)} measurements", rows, head)


def _differs(all_of: Sequence[Judged], read: Callable[[Judged], str]) -> bool:
    return len({read(one) for one in all_of}) > 1


def _median(one: Judged) -> str:
    return milliseconds(one.summary.queries.median.middle, unit=False)


def _figures(one: Judged, metrics: Sequence[str]) -> Iterator[str]:
    done, queries = one.done, one.summary.queries
    yield f"{milliseconds(queries.median.low, unit=False)} to {milliseconds(queries.median.high, unit=False)}"
    yield from (milliseconds(queries.percentiles[name], unit=False) for name in ("p90", "p99"))
    yield from (plain(one.summary.throughput), mebibytes(done.peak_memory))
    for name in metrics:
        value = done.accuracy.metrics.get(name) if done.accuracy else None
        yield percent(value, 4)


def overview_figures(all_of: Sequence[Judged]) -> Iterator[Figure]:
    """Medians with their intervals, and accuracy against latency for each metric that records were given."""
    named = list(zip(keys(len(all_of)), all_of, strict=True))
    yield _medians(named)
    for metric in _metrics(all_of):
        points = [_point(key, one, metric) for key, one in named if one.done.accuracy and _has(one, metric)]
        if len(points) > 1:
            yield _pareto(points, metric, dict(named))


def _medians(named: Sequence[tuple[str, Judged]]) -> Figure:
    rows = [(key, _point(key, one, "")) for key, one in named]
    best = min((point for _, point in rows), key=lambda point: point.x)
    says = f"{best.name} has the lowest median, {plain(best.x)} ms. Lines are 95% intervals of one process each."
    return Figure("Median latency", says, lambda width, words: whiskers([p for _, p in rows], width, words))


def _pareto(points: Sequence[Point], metric: str, named: dict[str, Judged]) -> Figure:
    more = metric not in SMALLER_IS_BETTER
    front = pareto_front(points, more_is_better=more)
    title = metric_title(metric)
    said = ", ".join(f"{p.name} ({plain(p.x)} ms, {plain(p.y)}%)" for p in front)
    says = f"No other record is both faster and more accurate than {said}. The others are grey."
    return Figure(
        f"Accuracy against latency: {title}",
        says,
        lambda width, words: scatter(points, f"{title} (%)", width, words, more_is_better=more),
        ("", "record", "median", title, "beaten"),
        [
            (
                p.name,
                f"{named[p.name].done.bundle}, {named[p.name].done.engine}, threads {named[p.name].done.threads_got}",
                f"{plain(p.x)} ms",
                f"{plain(p.y)}%",
                "no" if p in front else "yes",
            )
            for p in points
        ],
    )


def _point(key: str, one: Judged, metric: str) -> Point:
    found = one.summary.queries.median
    accuracy = one.done.accuracy.metrics.get(metric, 0.0) if one.done.accuracy else 0.0
    return Point(key, found.middle * 1000, accuracy * 100, found.low * 1000, found.high * 1000)


def _metrics(all_of: Sequence[Judged]) -> list[str]:
    found: dict[str, None] = {}
    for one in all_of:
        found |= dict.fromkeys(one.done.accuracy.metrics if one.done.accuracy else ())
    return list(found)


def _has(one: Judged, metric: str) -> bool:
    return one.done.accuracy is not None and metric in one.done.accuracy.metrics
