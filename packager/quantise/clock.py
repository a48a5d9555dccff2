"""Where latency is measured: on this host, on the device over SSH, from records that the device wrote, or nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.bundle import Bundle
from edge.errors import EdgeError, InputError
from edge.manifest import Stage
from edge.quantisation import Interval
from packager.quantise.job import Job
from packager.quantise.judge.device import Device
from packager.quantise.judge.latency import Turns, latency_ratio
from packager.quantise.judge.record import Recorded, read_recorded
from packager.quantise.judge.remote import Rounds, greet, measure_on
from packager.quantise.settings import HOST, Settings

Timed = Interval | str | None
"""The latency over fp32's, or in one line why there is none, or None where nobody looked."""


@dataclass(frozen=True)
class Clock:
    """`measure` times candidates; `elsewhere` says that it does so on the target, where what ships can run."""

    measure: Callable[[Sequence[Bundle]], list[Timed]]
    elsewhere: bool = False


def measured_on(settings: Settings) -> str:
    """The name of the place, empty for nowhere; raises InputError where `auto` could not choose without."""
    if settings.measure_on:
        return Device(settings.measure_on).address
    if settings.record:
        return settings.record.name
    if settings.target == HOST:
        return HOST
    if settings.precision == "auto":
        raise InputError(
            f"auto keeps what is faster on {settings.target}, and this host cannot tell",
            remedy="measure on the device with --measure-on user@device, or ask for a precision",
        )
    return ""


def check_clock(settings: Settings) -> None:
    """Before an hour is spent: raises where the device cannot be reached or has no edge, or there is no record."""
    if settings.measure_on:
        greet(Device(settings.measure_on))
    elif settings.record:
        read_recorded(settings.record)


def clock_for(job: Job, stage: Stage, engine: str) -> Clock:
    """The clock of one stage and engine; a device that cannot be reached is a DeviceError when it measures."""
    settings = job.settings

    def over_there(candidates: Sequence[Bundle]) -> list[Timed]:
        asked = Rounds(engine=engine, stage=stage.name, seed=settings.seed)
        found = measure_on(Device(settings.measure_on or ""), [job.fp32, *candidates], asked)
        return [_recorded(found, job.fp32, one, stage.name, engine) for one in candidates]

    def from_records(candidates: Sequence[Bundle]) -> list[Timed]:
        found = read_recorded(settings.record or Path())
        return [_recorded(found, job.fp32, one, stage.name, engine) for one in candidates]

    def here(candidates: Sequence[Bundle]) -> list[Timed]:
        return [_here(job, one, stage.name, engine) for one in candidates]

    if settings.measure_on or settings.record:
        return Clock(over_there if settings.measure_on else from_records, elsewhere=True)
    return Clock(here if settings.target == HOST else lambda candidates: [None] * len(candidates))


def _here(job: Job, candidate: Bundle, stage: str, engine: str) -> Timed:
    feeds = job.feeds.get(stage)
    if feeds is None:
        return None
    turns = Turns(
        fp32=str(job.fp32.path.absolute()),
        other=str(candidate.path.absolute()),
        stage=stage,
        engine=engine,
        feeds=str(feeds),
        seconds=job.settings.seconds,
    )
    try:
        return latency_ratio(turns)
    except EdgeError as error:
        return error.message


def _recorded(found: Recorded, fp32: Bundle, candidate: Bundle, stage: str, engine: str) -> Timed:
    try:
        return found.latency_ratio(fp32, candidate, stage, engine)
    except EdgeError as error:
        return error.message
