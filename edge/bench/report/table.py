"""What people read of a measurement: percentiles, computed from its raw samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edge.bench.record import Measurement
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Summary(Record):
    """Of a series of samples, in their unit."""

    runs: int
    p50: float
    p90: float
    minimum: float
    maximum: float


def summarise(samples: Sequence[float]) -> Summary:
    """Percentiles by linear interpolation between the neighbours in order (numpy's default); needs one sample."""
    ordered = sorted(samples)
    return Summary(
        runs=len(ordered),
        p50=percentile(ordered, 0.5),
        p90=percentile(ordered, 0.9),
        minimum=ordered[0],
        maximum=ordered[-1],
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the ordered samples lie."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def report(done: Measurement) -> Iterator[tuple[str, str]]:
    """Rows of name and value, in milliseconds and mebibytes."""
    yield "bundle", f"{done.bundle}, {done.file} on {done.engine} {done.engine_version}"
    machine = done.machine.board or done.machine.machine
    yield "input", f"{done.input}, batch {done.batch}, {done.threads} threads on {machine}"
    yield "cold start", _milliseconds(done.phases.cold_start)
    for name, seconds in done.phases.to_json().items():
        yield name.replace("_", " "), _milliseconds(seconds)
    for name, samples in {"all" if done.stages else "engine": done.samples, **done.stages}.items():
        summary = summarise(samples)
        ends = f"min {_milliseconds(summary.minimum)}, max {_milliseconds(summary.maximum)}"
        yield name, f"p50 {_milliseconds(summary.p50)}, p90 {_milliseconds(summary.p90)}, {ends} ({summary.runs} runs)"
    yield "peak memory", f"{done.peak_memory / (1 << 20):.1f} MiB"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
