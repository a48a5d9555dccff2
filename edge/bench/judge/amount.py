"""Rules of how much was measured."""

from __future__ import annotations

from collections.abc import Iterator

from edge.bench.judge.finding import Finding
from edge.bench.record import Measurement
from edge.bench.statistics.early_stopping import samples_for
from edge.bench.statistics.summary import Summary
from edge.bench.stop_rule import INTERRUPTED

FEWEST = samples_for(0.5)
"""Without so many samples nothing can be said of a median."""


def interrupted(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """The user ended it."""
    if done.stop.reason == INTERRUPTED:
        yield Finding(reason=f"interrupted after {done.seconds:.1f} s", remedy="let it run until it ends by itself")


def few_samples(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Fewer samples than were asked for, or than a median needs."""
    needed = max(FEWEST, done.stop.min_samples)
    if len(done.samples) < needed:
        yield Finding(
            reason=f"{len(done.samples)} samples, {needed} are needed",
            remedy=f"give --max-seconds {needed * done.seconds / len(done.samples) * 1.2:.0f}",
        )


def short(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """A shorter steady phase than was asked for."""
    if done.seconds < done.stop.min_seconds:
        yield Finding(
            reason=f"the steady phase took {done.seconds:.1f} s, {done.stop.min_seconds:.1f} s were asked for",
            remedy="measure again with less --min-seconds, or without stopping it",
        )


def other_threads(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """Other threads than were asked for."""
    if done.threads_got != done.threads:
        yield Finding(
            reason=f"the engine has {done.threads_got} threads, {done.threads} were asked for",
            remedy=f"give --threads {done.threads_got}",
        )


def crowded(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """More threads than CPUs."""
    if done.threads_got > done.machine.cpus:
        yield Finding(
            reason=f"{done.threads_got} threads share {done.machine.cpus} CPUs",
            remedy=f"give --threads {done.machine.cpus}",
        )


def bound(done: Measurement, _summary: Summary) -> Iterator[Finding]:
    """A server that answers too late."""
    if done.server is not None and not done.server.holds:
        yield Finding(
            reason=f"{done.server.rate:.4g} queries a second are not answered within {done.server.bound * 1000:.4g} ms",
            remedy="ask for fewer a second, or let the highest rate be searched",
        )
