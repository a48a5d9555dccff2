"""How many points candidates lose: each bundle on the held-out inputs, in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edge.bundle import Bundle
from edge.errors import EdgeError
from edge.quantisation import Interval
from packager.errors import WorkerError
from packager.progress import step
from packager.quantise.calibration import CalibrationSet
from packager.worker import run_worker


@dataclass(frozen=True)
class Judged:
    """What fp32 has of the score, in points, and for each candidate what it loses, or why that cannot be said."""

    score: str
    fp32: float
    drops: tuple[Interval | str, ...]


def judge(fp32: Bundle, candidates: Sequence[Bundle], engine: str, inputs: CalibrationSet) -> Judged:
    """Raises InputError where fp32 answers too few of the inputs, and what running fp32 raises."""
    with step("quantise", f"{len(candidates)} candidates on {len(inputs.held_out)} held-out inputs in {engine}"):
        try:
            return _ask(fp32, candidates, engine, inputs)
        except WorkerError:
            # One of them took the process with it.
            return _one_by_one(fp32, candidates, engine, inputs)


def _one_by_one(fp32: Bundle, candidates: Sequence[Bundle], engine: str, inputs: CalibrationSet) -> Judged:
    none = _ask(fp32, (), engine, inputs)

    def alone(candidate: Bundle) -> Interval | str:
        try:
            return _ask(fp32, (candidate,), engine, inputs).drops[0]
        except EdgeError as error:
            return error.message

    return Judged(none.score, none.fp32, tuple(map(alone, candidates)))


def _ask(fp32: Bundle, candidates: Sequence[Bundle], engine: str, inputs: CalibrationSet) -> Judged:
    request: dict[str, Any] = {
        "fp32": str(fp32.path.absolute()),
        "candidates": [str(one.path.absolute()) for one in candidates],
        "engine": engine,
        "names": [one.name for one in inputs.held_out],
        "inputs": [str(one.given) for one in inputs.held_out],
        "truths": [one.truth for one in inputs.held_out],
    }
    reply = run_worker("packager.quantise.judging_worker", request, isolated=True)
    drops = tuple(one if isinstance(one, str) else Interval.from_json(one, "drop") for one in reply["drops"])
    return Judged(reply["score"], reply["fp32"], drops)
