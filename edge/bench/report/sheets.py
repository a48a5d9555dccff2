"""The tables of a report, before they are text, Markdown or HTML: rows of strings under a title."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.evidence.throttle import BITS, STICKY
from edge.bench.record import Measurement
from edge.bench.report.judged import Judged
from edge.bench.report.time_spent import PHASES
from edge.bench.report.title import timed
from edge.bench.report.units import DIGITS, MISSING, mebibytes, milliseconds, percent, plain
from edge.bench.statistics.percentiles import PERCENTILES
from edge.bench.statistics.series import Series


@dataclass(frozen=True)
class Sheet:
    """Every row begins with its name and has as many cells as `head`; without a head they are names and values."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()


def sheets(one: Judged) -> Iterator[Sheet]:
    """All tables of one measurement, the times first."""
    yield latencies(one)
    yield Sheet("Before the first answer", tuple(_phases(one.done)))
    yield Sheet("What was measured", tuple(_subject(one.done)))
    yield Sheet("Conditions", tuple(_conditions(one.done)))


def latencies(one: Judged) -> Sheet:
    """A row for the queries and one for each stage, in milliseconds with the decimals that the queries need."""
    name = "cold start" if timed(one.done) == "cold start" else "query" if one.done.stages else "engine"
    head = ("ms", "queries", "min", *PERCENTILES, "max", "MAD", "drift", "outliers")
    series = {name: one.summary.queries, **one.summary.stages}
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(one.summary.queries.median.middle * 1000)))
    return Sheet("Latency", tuple((name, *_cells(one, decimals)) for name, one in series.items()), head)


def _cells(series: Series, decimals: int) -> Iterator[str]:
    yield str(series.count)
    for seconds in (series.minimum, *map(series.percentiles.get, PERCENTILES), series.maximum, series.mad):
        yield MISSING if seconds is None else f"{seconds * 1000:.{decimals}f}"
    yield percent(series.drift)
    yield str(series.outliers)


def _phases(done: Measurement) -> Iterator[tuple[str, str]]:
    for name, said in PHASES.items():
        yield said, milliseconds(getattr(done.phases, name))
    yield "cold start, all of these", milliseconds(done.phases.cold_start)
    yield f"warm-up, {done.warmup} queries", milliseconds(done.phases.warm_up)


def _subject(done: Measurement) -> Iterator[tuple[str, str]]:
    stop = done.stop
    yield "bundle", f"{done.bundle} ({done.task})"
    yield "artifact", f"{done.file}, {done.precision}"
    yield "SHA-256 of the manifest", done.digest
    yield "SHA-256 of the artifact", done.file_digest
    yield "engine", " ".join((done.engine, done.engine_version, *done.providers))
    yield "threads", f"{done.threads_got} ({done.threads} asked for)"
    yield "scenario", f"{done.scenario}, batch {done.batch}"
    yield "input", ", ".join([done.input, *_shapes(done.shapes)])
    yield "steady phase", f"{len(done.samples)} queries in {plain(done.seconds)} s; ended by: {stop.reason}"
    asked = f"{plain(stop.min_seconds)} s, {stop.min_samples} queries at least; {plain(stop.max_seconds)} s at most"
    yield "asked for", asked
    if done.limit is not None:
        yield "of a query", f"{done.limit.flops / 1e9:.3g} GFLOP, {mebibytes(done.limit.bytes)} moved at least"
        if done.limit.uncounted:
            yield "not counted", ", ".join(done.limit.uncounted)
    yield "edge", f"{done.edge} on Python {done.python}"
    yield "date", done.date


def _shapes(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    for name, shape in shapes.items():
        yield f"{name} {' × '.join(map(str, shape))}"


def _conditions(done: Measurement) -> Iterator[tuple[str, str]]:
    seen, machine = done.conditions, done.machine
    every = [reading for reading in (seen.before, *seen.readings, seen.after) if reading is not None]
    yield "board", seen.model or machine.board or machine.machine
    yield "processor", f"{seen.cpu or machine.machine}: {', '.join(machine.features)}"
    yield "CPUs", f"{machine.cpus}, affinity {', '.join(map(str, seen.affinity)) or MISSING}"
    yield "memory", mebibytes(machine.memory_bytes)
    yield "system", f"{seen.os or MISSING}, kernel {seen.kernel or MISSING}"
    yield "governor", ", ".join(f"{policy} {name}" for policy, name in seen.governors.items()) or MISSING
    if seen.power_mode or seen.jetson_clocks is not None:
        pinned = {True: "pinned", False: "not pinned", None: "unknown"}[seen.jetson_clocks]
        yield "power mode", f"{seen.power_mode or MISSING}, clocks {pinned} by jetson_clocks"
    yield "clocks (MHz)", _ranges({n: k / 1000 for n, k in one.clocks.items()} for one in seen.readings)
    yield "temperatures (°C)", _ranges(one.temperatures for one in every)
    if any(one.power for one in every):
        yield "power (W)", _ranges(one.power for one in every)
    yield "throttling", _throttling(seen, every)
    yield "other processes", _most([one.foreign_cpu for one in every], lambda load: f"{plain(load, 2)} CPUs at most")
    yield (
        "swap in use",
        _most([one.swap for one in every], lambda size: f"{mebibytes(size)} at most" if size else "none"),
    )
    yield "resident memory", _most([one.rss for one in every], lambda size: f"{mebibytes(size)} at most")
    switches = (seen.voluntary_switches, seen.involuntary_switches)
    yield "context switches", MISSING if None in switches else f"{switches[0]} voluntary, {switches[1]} involuntary"
    yield "cost of the sensors", f"{percent(seen.sampler_cost)} of one CPU, {len(seen.readings)} readings"
    for name, why in seen.unreadable.items():
        yield f"{name}: {MISSING}", why


def _ranges(readings: Iterable[Mapping[str, float]]) -> str:
    found: dict[str, list[float]] = {}
    for reading in readings:
        for name, value in reading.items():
            found.setdefault(name, []).append(value)
    return (
        ", ".join(f"{name} {_span(plain(min(values)), plain(max(values)))}" for name, values in found.items())
        or MISSING
    )


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def _throttling(seen: Conditions, every: list[Reading]) -> str:
    bits = 0
    for reading in every:
        bits |= reading.throttled or 0
    now = [f"{meaning} while measuring" for bit, meaning in BITS.items() if bits >> bit & 1]
    past = [f"{meaning} since boot" for bit, meaning in BITS.items() if bits >> (bit + STICKY) & 1]
    alarms = {name for reading in every for name, state in reading.alarms.items() if state > 0}
    said = [*now, *past, *sorted(alarms)]
    if said:
        return ", ".join(said)
    known = any(one.throttled is not None or one.alarms or one.throttle_events for one in every)
    return "none was seen" if known and "throttle" not in seen.unreadable else MISSING


def _most(values: Iterable[float | None], said: Callable[[float], str]) -> str:
    read = [value for value in values if value is not None]
    return said(max(read)) if read else MISSING
