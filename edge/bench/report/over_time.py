"""The chart of what happened over time: latencies, and what the sensors said while they were measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.record import Measurement
from edge.bench.report.charts.timeline import Track, timeline
from edge.bench.report.figure import Figure
from edge.bench.report.units import plain

NOW_BITS = 0xF
"""Of the throttling bits those that tell of this moment; the higher ones have stood since boot."""

MOST_SERIES = 4
TOO_MUCH = 0.05
"""CPUs that others keep busy, from which on a chart shows it."""

Series = Mapping[str, tuple[Sequence[float], Sequence[float]]]


def over_time(done: Measurement) -> Figure:
    """Latency, and temperature, clock and foreign load where they could be read, above one axis of seconds."""
    readings = done.conditions.readings
    heat = _series(readings, lambda reading: reading.temperatures)
    clocks = _series(readings, lambda reading: {name: khz / 1000 for name, khz in reading.clocks.items()})
    others = _series(readings, lambda reading: {} if reading.foreign_cpu is None else {"others": reading.foreign_cpu})
    shaded = tuple(slowed(done.conditions, done.seconds))
    latency = Track("latency (ms)", {"": (done.ends, [s * 1000 for s in done.samples])}, scattered=True, shaded=shaded)
    tracks = [latency]
    if heat:
        tracks.append(Track("temperature (°C)", heat, shaded=shaded))
    if clocks:
        tracks.append(Track("clock (MHz)", clocks, shaded=shaded))
    if others and max(others["others"][1]) > TOO_MUCH:
        tracks.append(Track("other processes (CPUs)", others, shaded=shaded, zero=True))
    says = " ".join(_sentences(done, heat, clocks, slow=bool(shaded)))
    span = max(done.seconds, done.ends[-1])
    return Figure(
        "Latency, temperature and clock over time" if heat and clocks else "Latency over time",
        says,
        lambda width, words: timeline(tracks, span, width, words),
        ("at (s)", *heat, *clocks, *others),
        [_row(reading, heat, clocks, others) for reading in readings] if heat or clocks or others else [],
    )


def slowed(conditions: Conditions, seconds: float) -> Iterator[tuple[float, float]]:
    """Spans in which the machine held its processor back or had too little voltage, as far as readings tell."""
    before, readings = conditions.before, conditions.readings
    for place, reading in enumerate(readings):
        now = (reading.throttled or 0) & NOW_BITS or any(reading.alarms.values())
        if now or (before is not None and _counted(before, reading)):
            following = readings[place + 1].at if place + 1 < len(readings) else seconds
            yield max(reading.at, 0.0), following
        before = reading


def _counted(before: Reading, reading: Reading) -> bool:
    """Whether a counter of throttling rose from one reading to the next."""
    return any(count > before.throttle_events.get(name, count) for name, count in reading.throttle_events.items())


def _series(readings: Sequence[Reading], values: Callable[[Reading], Mapping[str, float]]) -> Series:
    """By name of the sensor; where there are more than a chart can hold, those that reached the highest values."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for reading in readings:
        for name, value in values(reading).items():
            times, series = found.setdefault(name, ([], []))
            times.append(max(reading.at, 0.0))
            series.append(value)
    kept = sorted(found, key=lambda name: -max(found[name][1]))[:MOST_SERIES]
    return {name: found[name] for name in found if name in kept}


def _sentences(done: Measurement, heat: Series, clocks: Series, *, slow: bool) -> Iterator[str]:
    yield f"{len(done.samples)} queries in {plain(done.seconds)} s."
    if heat:
        name = max(heat, key=lambda name: max(heat[name][1]))
        first, last = heat[name][1][0], heat[name][1][-1]
        yield f"{name} went from {plain(first, 3)} to {plain(last, 3)} °C, {plain(max(heat[name][1]), 3)} at most."
    else:
        yield "No temperature could be read."
    if clocks:
        every = [value for _, series in clocks.values() for value in series]
        low, high = plain(min(every)), plain(max(every))
        yield f"The clock stood at {low} MHz." if low == high else f"Clocks lay between {low} and {high} MHz."
    else:
        yield "No clock could be read."
    if slow:
        yield "Shaded: the processor was held back, or had too little voltage."


def _row(reading: Reading, heat: Series, clocks: Series, others: Series) -> tuple[str, ...]:
    return (
        plain(reading.at, 3),
        *(_cell(reading.temperatures.get(name)) for name in heat),
        *(_cell(reading.clocks[name] / 1000 if name in reading.clocks else None) for name in clocks),
        *(_cell(reading.foreign_cpu) for _ in others),
    )


def _cell(value: float | None) -> str:
    return "n/a" if value is None else plain(value)
