"""The chart of what happened over time: latencies, and what the sensors said while they were measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.record import Measurement
from edge.bench.report.charts.timeline import Track, timeline
from edge.bench.report.figure import Figure
from edge.bench.report.units import MISSING, plain

NOW_BITS = 0xF
"""Of the throttling bits those that tell of this moment; the higher ones have stood since boot."""

MOST_SERIES = 4
TOO_MUCH = 0.05
"""CPUs that others keep busy, from which on a chart shows it."""

Series = Mapping[str, tuple[Sequence[float], Sequence[float]]]
Read = Callable[[Reading], Mapping[str, float]]

HEAT, CLOCK, OTHERS = "temperature (°C)", "clock (MHz)", "other processes (CPUs)"
SHOWN: Mapping[str, Read] = {
    HEAT: lambda reading: reading.temperatures,
    CLOCK: lambda reading: {name: khz / 1000 for name, khz in reading.clocks.items()},
    "power (W)": lambda reading: reading.power,
    OTHERS: lambda reading: {} if reading.foreign_cpu is None else {"others": reading.foreign_cpu},
}
"""What stands below the latencies, where it could be read, from the top down."""


def over_time(done: Measurement) -> Figure:
    """Latency, and below it what the sensors said, above one axis of seconds."""
    readings = done.conditions.readings
    seen = {title: series for title, read in SHOWN.items() if (series := _series(readings, read))}
    if max(seen.get(OTHERS, {}).get("others", ([], [0.0]))[1]) <= TOO_MUCH:
        seen.pop(OTHERS, None)
    shaded = tuple(slowed(done.conditions, done.seconds))
    latency = Track("latency (ms)", {"": (done.ends, [s * 1000 for s in done.samples])}, scattered=True, shaded=shaded)
    below = [Track(title, series, shaded=shaded, zero=title == OTHERS) for title, series in seen.items()]
    says = " ".join(_sentences(done, seen.get(HEAT, {}), seen.get(CLOCK, {}), slow=bool(shaded)))
    span = max(done.seconds, done.ends[-1])
    return Figure(
        "Latency, temperature and clock over time" if HEAT in seen and CLOCK in seen else "Latency over time",
        says,
        lambda width, words: timeline([latency, *below], span, width, words),
        ("at (s)", *(f"{name}, {title}" for title, series in seen.items() for name in series)),
        [_row(reading, seen) for reading in readings] if seen else [],
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


def _series(readings: Sequence[Reading], values: Read) -> Series:
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


def _row(reading: Reading, seen: Mapping[str, Series]) -> tuple[str, ...]:
    cells = [SHOWN[title](reading).get(name) for title, series in seen.items() for name in series]
    return (plain(reading.at, 3), *(MISSING if cell is None else plain(cell) for cell in cells))
