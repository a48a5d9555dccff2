"""Stages that each hold the budget alone may not hold it together."""

from __future__ import annotations

from pathlib import Path

from edge.bundle import Bundle
from edge.quantisation import Interval
from packager.progress import note
from packager.quantise.choose import points
from packager.quantise.found import Found
from packager.quantise.job import Job
from packager.quantise.judging import judge
from packager.quantise.trial import trial_bundle


def hold_together(job: Job, engine: str, found: dict[str, Found]) -> None:
    """Give up stages of `found` (by name, in place), the worst first, until together they hold the budget."""
    attempt = 0
    while sum(one.kept is not None for one in found.values()) > 1:
        folder = job.folder(f"{engine}-together-{attempt}")
        attempt += 1
        bundle = _bundle(job, found, folder)
        (lost,) = judge(job.fp32, [bundle], engine, job.inputs).drops
        if isinstance(lost, Interval) and lost.value <= job.settings.max_drop:
            note("quantise", f"all stages together in {engine}: they lose {points(lost)}")
            return
        told = lost if isinstance(lost, Interval) else Interval(value=100, low=100, high=100)
        worst = max((name for name in found if found[name].kept), key=lambda name: found[name].loss)
        note("quantise", f"{worst}: back to fp32, since all stages together lose too much in {engine}")
        found[worst] = found[worst].given_up(told, job.settings.max_drop)


def _bundle(job: Job, found: dict[str, Found], folder: Path) -> Bundle:
    bundle = job.fp32
    for number, one in enumerate(found.values()):
        trial = one.choice.trial
        if trial and trial.quantised:
            made = trial.quantised.stand_in or trial.quantised
            bundle = trial_bundle(bundle, one.search.stage, made, folder / f"{number}.edge")
    return bundle
