"""The fastest inside the budget, and why each other candidate lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.quantisation import CHOSEN, FAILED, REJECTED, CandidateRecord, Interval
from packager.quantise.scheme import STATIC
from packager.quantise.settings import Settings
from packager.quantise.trial import Trial


@dataclass(frozen=True)
class Choice:
    """The trial whose artifact is kept, None for fp32, and a record of every candidate, fp32's first."""

    trial: Trial | None
    candidates: tuple[CandidateRecord, ...]


def choose(engine: str, fp32_size: int, trials: Sequence[Trial], settings: Settings) -> Choice:
    """Of the candidates inside the budget the one of least latency, or where none is surely faster of least bytes.

    With the precision `auto` it must surely be faster than fp32; if a precision was asked for, only the budget counts.
    """
    able = [one for one in trials if not _refusal(one, settings)]
    best = min(able, key=_rank, default=None)
    reason = _why_fp32(trials, able) if best is None else f"{best.scheme.title} is kept"
    fp32 = CandidateRecord(
        engine=engine,
        precision="fp32",
        size=fp32_size,
        verdict=CHOSEN if best is None else REJECTED,
        reason=reason,
    )
    return Choice(best, (fp32, *(_record(one, best, settings) for one in trials)))


def _rank(trial: Trial) -> tuple[float, bool, int]:
    """What is surely faster than fp32 first, then what nobody measured, of it true int8 first, then what is slower."""
    ratio = trial.ratio or Interval(value=0.0, low=0.0, high=1.0)
    return ratio.value + (ratio.high >= 1), trial.scheme.precision != STATIC, trial.size


def _refusal(trial: Trial, settings: Settings) -> str:
    """Why the trial cannot be kept, whatever the others are; empty where it can."""
    if trial.failure:
        return trial.failure
    if trial.drop is None:
        return "could not be judged"
    if trial.drop.value > settings.max_drop:
        return f"loses {points(trial.drop)}, over the budget of {settings.max_drop:g}"
    if settings.precision == "auto" and (trial.ratio is None or trial.ratio.high >= 1):
        return f"is not surely faster than fp32: {times(trial.ratio)}"
    return ""


def _record(trial: Trial, best: Trial | None, settings: Settings) -> CandidateRecord:
    refusal = _refusal(trial, settings)
    if trial is best:
        verdict, reason = CHOSEN, f"the fastest inside the budget: {_merits(trial)}"
        if trial.ratio is None:
            reason = f"the smallest inside the budget, not timed: {_merits(trial)}"
    elif refusal:
        verdict, reason = (FAILED if trial.failure else REJECTED), refusal
    else:
        verdict, reason = REJECTED, f"slower than what is kept: {_merits(trial)}"
        if trial.ratio is None or best is None or best.ratio is None:
            reason = f"what is kept is faster or smaller as far as is known: {_merits(trial)}"
    scheme = trial.scheme
    return CandidateRecord(
        engine=scheme.engine,
        precision=scheme.precision,
        activations=scheme.activations,
        method=scheme.method,
        floats=scheme.floats,
        steps=scheme.steps,
        size=trial.size,
        latency_ratio=trial.ratio,
        drop=trial.drop,
        verdict=verdict,
        reason=reason,
    )


def _why_fp32(trials: Sequence[Trial], able: Sequence[Trial]) -> str:
    if not trials:
        return "nothing was tried"
    return "nothing that was tried is kept" if not able else ""


def _merits(trial: Trial) -> str:
    told = [times(trial.ratio)] if trial.ratio else []
    return ", ".join([*told, f"loses {points(trial.drop)}" if trial.drop else ""])


def points(drop: Interval) -> str:
    """`0.4 points (0.1 to 0.7)`."""
    return f"{drop.value:.2f} points ({drop.low:.2f} to {drop.high:.2f})"


def times(ratio: Interval | None) -> str:
    """`0.41 x fp32's latency (0.40 to 0.42)`."""
    if ratio is None:
        return "its latency was not measured"
    return f"{ratio.value:.2f} x fp32's latency ({ratio.low:.2f} to {ratio.high:.2f})"
