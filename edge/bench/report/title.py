"""How a measurement is called."""

from __future__ import annotations

from edge.bench.record import Measurement


def place(done: Measurement) -> str:
    """The board, as its device tree calls it, or the kind of machine."""
    return done.conditions.model or done.machine.board or done.machine.machine


def timed(done: Measurement) -> str:
    """What a sample is the time of: `cold start`, or a query's `latency`."""
    return "cold start" if done.scenario == "cold-start" else "latency"


def subtitle(done: Measurement) -> str:
    """What it ran in, and how."""
    return (
        f"{done.scenario}, {done.file} ({done.precision}) on {done.engine} {done.engine_version}, "
        f"threads {done.threads_got}, batch {done.batch}, {done.date[:10]}"
    )
