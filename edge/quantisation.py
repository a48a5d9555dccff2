"""What the manifest says of a quantised stage: how it was calibrated, what was tried, and why each lost or won."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.records import LATER, Record

CHOSEN, REJECTED, FAILED = "chosen", "rejected", "failed"
"""Verdicts on a candidate: it is in the bundle; it was measured and lost; it could not be made or run."""


@dataclass(frozen=True, kw_only=True)
class Interval(Record):
    """A measured value with the bounds of its 95% interval, in the unit that its field names."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class CandidateRecord(Record):
    """One way in which one engine's artifact was quantised, or `fp32` as it was.

    `precision` is the artifact's: `fp32`, `fp16`, `int8`, `int8-dynamic`, `int8-weights` or `int16-weights`.
    `activations` (`u8`, `s8`) and `method` (`min-max`, `entropy`, `percentile`, `mse`) are those of static int8.
    `floats` names nodes or variables that stayed in float, `steps` what was done to the weights before or after.
    `size` is in bytes, all places together. `latency_ratio` is the candidate's latency over fp32's, so that less than 1
    is faster; `drop` is how many points of the score are lost against fp32, on held-out inputs. Either is None where it
    was not measured. `verdict` is `chosen`, `rejected` or `failed`, `reason` one line.
    """

    engine: str
    precision: str
    activations: str = ""
    method: str = ""
    floats: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    size: int = 0
    latency_ratio: Interval | None = None
    drop: Interval | None = None
    verdict: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SensitivityRecord(Record):
    """Nodes that were quantised alone, and the error of the outputs that came of it, relative to their size."""

    nodes: tuple[str, ...]
    error: float


@dataclass(frozen=True, kw_only=True)
class Calibration(Record):
    """The inputs that ranges were taken from, and those, of the same folder, that candidates were judged on.

    `digest` is the SHA-256 over all of them, `inputs` how many ranges were taken from, `held_out` how many are judged
    on. `score` is what was judged: a task's score where the inputs have labels, else the agreement with fp32;
    `fp32` is fp32's value of it, in points.
    """

    digest: str
    inputs: int
    held_out: int
    score: str
    fp32: float


@dataclass(frozen=True, kw_only=True)
class Quantisation(Record):
    """How a stage's artifacts were chosen.

    `target` is the board that they are for, or `host`, `measured_on` where latency was measured (empty: nowhere),
    `max_drop` the budget in points. `sensitivities` come worst first. `not_run` says what could not be run where the
    bundle was built, and why; `left` what stayed in float of what was to be quantised, by name, and why.
    """

    precision: str
    target: str
    measured_on: str
    max_drop: float
    calibration: Calibration | None
    candidates: tuple[CandidateRecord, ...]
    sensitivities: tuple[SensitivityRecord, ...] = ()
    not_run: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict, metadata=LATER)
