"""The charts of where time goes: before the first answer, and within one."""

from __future__ import annotations

from collections.abc import Mapping

from edge.bench.record import Measurement
from edge.bench.report.charts.bars import bars
from edge.bench.report.figure import Figure
from edge.bench.report.units import milliseconds, percent

PHASES: Mapping[str, str] = {
    "process": "process",
    "imports": "imports",
    "verify": "verify",
    "session": "session",
    "first": "first query",
}


def phases(done: Measurement) -> Figure:
    """The phases that make up the cold start."""
    rows = [
        (said, getattr(done.phases, name), milliseconds(getattr(done.phases, name))) for name, said in PHASES.items()
    ]
    whole = done.phases.cold_start
    longest = max(rows, key=lambda row: row[1])
    says = (
        f"From starting the process to the first answer: {milliseconds(whole)}, "
        f"of which {longest[0]} {percent(longest[1] / whole)}."
    )
    return Figure("Cold start", says, lambda width, words: bars(rows, width, words))


def stages(what: str, medians: Mapping[str, float]) -> Figure:
    """The stages of what was timed, by the median of each, in seconds."""
    rows = [(name, seconds, milliseconds(seconds)) for name, seconds in medians.items()]
    whole = sum(medians.values()) or 1.0
    shares = ", ".join(f"{name} {percent(seconds / whole)}" for name, seconds in medians.items())
    return Figure(
        f"Stages of {what}", f"Medians of each stage; shares: {shares}.", lambda width, words: bars(rows, width, words)
    )
