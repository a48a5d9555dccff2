"""Where latency is measured: on this host, or on the device over SSH, or nowhere."""

from __future__ import annotations

from edge.bundle import Bundle
from edge.errors import InputError
from edge.manifest import Stage
from edge.quantisation import Interval
from packager.quantise.job import Job
from packager.quantise.judge.latency import Turns, latency_ratio
from packager.quantise.search import Clock
from packager.quantise.settings import HOST, Settings


def measured_on(settings: Settings) -> str:
    """The name of the place, empty for nowhere; raises InputError where `auto` could not choose without."""
    if settings.measure_on:
        return settings.measure_on
    if settings.target == HOST:
        return HOST
    if settings.precision == "auto":
        raise InputError(
            f"auto keeps what is faster on {settings.target}, and this host cannot tell",
            remedy="measure on the device with --measure-on user@device, or ask for a precision",
        )
    return ""


def clock_for(job: Job, stage: Stage, engine: str) -> Clock:
    """The clock of one stage and engine."""
    feeds = job.feeds.get(stage.name)
    here = measured_on(job.settings) == HOST

    def clock(candidate: Bundle) -> Interval | None:
        if not here or feeds is None:
            return None
        return latency_ratio(
            Turns(
                fp32=str(job.fp32.path.absolute()),
                other=str(candidate.path.absolute()),
                stage=stage.name,
                engine=engine,
                feeds=str(feeds),
                seconds=job.settings.seconds,
            )
        )

    return clock
