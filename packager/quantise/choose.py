"""The fastest inside the budget, and why each other candidate lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.quantisation import CHOSEN, FAILED, REJECTED, CandidateRecord, Interval
from packager.quantise.scheme import STATIC
from packager.quantise.settings import Settings
from packager.quantise.trial import Trial

SMALLER = 0.9
"""Of fp32's bytes: what has more than this is no smaller."""
SLOWER = 1.1
"""Of fp32's latency: what surely takes more than this costs more than a smaller file is worth."""


@dataclass(frozen=True)
class Choice:
    """The trial whose artifact is kept, None for fp32, and a record of every candidate, fp32's first."""

    trial: Trial | None
    candidates: tuple[CandidateRecord, ...]


def choose(engine: str, fp32_size: int, trials: Sequence[Trial], settings: Settings) -> Choice:
    """Of the candidates inside the budget the fastest; where none is surely faster than fp32, the smallest.

    With the precision `auto` only what is surely faster is kept.
    """
    able = [one for one in trials if not _refusal(one, fp32_size, settings)]
    best = min(able, key=_rank, default=None)
    reason = _why_fp32(trials, able) if best is None else f"{best.scheme.title} is kept"
    fp32 = CandidateRecord(
        engine=engine,
        precision="fp32",
        size=fp32_size,
        verdict=CHOSEN if best is None else REJECTED,
        reason=reason,
    )
    return Choice(best, (fp32, *(_record(one, best, _refusal(one, fp32_size, settings)) for one in trials)))


def _rank(trial: Trial) -> tuple[float, bool, int]:
    """What is surely faster than fp32 by its time, then what nobody timed, of it true int8 first, then by size."""
    if trial.ratio and trial.ratio.high < 1:
        return trial.ratio.value, False, trial.size
    return 2.0 if trial.ratio else 1.0, trial.scheme.precision != STATIC, trial.size


def _refusal(trial: Trial, fp32_size: int, settings: Settings) -> str:
    """Why the trial cannot be kept, whatever the others are; empty where it can."""
    if trial.failure:
        return trial.failure
    if trial.drop is None:
        return "could not be judged"
    if trial.drop.value > settings.max_drop:
        return f"loses {points(trial.drop)}, over the budget of {settings.max_drop:g}"
    if settings.precision == "auto" and (trial.ratio is None or trial.ratio.high >= 1):
        return f"is not surely faster than fp32: {times(trial.ratio)}"
    if trial.ratio and trial.ratio.low > SLOWER:
        return f"is slower than fp32: {times(trial.ratio)}"
    if trial.ratio and trial.ratio.high >= 1 and trial.size > SMALLER * fp32_size:
        return f"is neither surely faster nor smaller: {times(trial.ratio)}, {trial.size / fp32_size:.0%} of its size"
    return ""


def _record(trial: Trial, best: Trial | None, refusal: str) -> CandidateRecord:
    if trial is best:
        faster = trial.ratio and trial.ratio.high < 1
        verdict, reason = CHOSEN, f"the {'fastest' if faster else 'smallest'} inside the budget: {_merits(trial)}"
    elif refusal:
        verdict, reason = (FAILED if trial.failure else REJECTED), refusal
    else:
        verdict, reason = REJECTED, f"slower than what is kept, or larger: {_merits(trial)}"
    scheme = trial.scheme
    return CandidateRecord(
        engine=scheme.engine,
        precision=scheme.precision,
        activations=scheme.activations,
        method=scheme.method,
        floats=(*scheme.floats, *(trial.quantised.left if trial.quantised else ())),
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
    lost = f", loses {points(trial.drop)}" if trial.drop else ""
    return f"{times(trial.ratio)}{lost}"


def points(drop: Interval) -> str:
    """`0.4 points (0.1 to 0.7)`."""
    return f"{drop.value:.2f} points ({drop.low:.2f} to {drop.high:.2f})"


def times(ratio: Interval | None) -> str:
    """`0.41 x fp32's latency (0.40 to 0.42)`."""
    if ratio is None:
        return "its latency was not measured"
    return f"{ratio.value:.2f} x fp32's latency ({ratio.low:.2f} to {ratio.high:.2f})"
