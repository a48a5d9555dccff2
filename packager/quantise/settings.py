"""What the user asked of quantisation, as one frozen value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from edge.boards import BOARDS
from edge.errors import InputError

PRECISIONS = ("fp32", "fp16", "int8", "auto")
METHODS = ("auto", "min-max", "entropy", "percentile", "mse")
HOST = "host"
MOST_POINTS = 100.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options; raises InputError where one cannot be fulfilled.

    `precision` is what may be chosen: `auto` is everything that pays. `calibration` is a folder of images, one folder
    for each class where they have labels, a text file with a text a line, or an `.npz` of tensors. `max_drop` is the
    budget in points of the score. `method` finds the ranges of static int8. `target` is a board's id, or `host`: this
    machine. `measure_on` is `user@host` of a device over SSH; or `record` holds what `edge bench` wrote there.
    `seed` decides which inputs are held out. Each candidate's latency is measured for `seconds`.
    """

    precision: str = "auto"
    calibration: Path | None = None
    max_drop: float = 1.0
    method: str = "auto"
    target: str = HOST
    measure_on: str | None = None
    record: Path | None = None
    seed: int = 0
    seconds: float = 4.0

    def __post_init__(self) -> None:
        _check_choice("precision", self.precision, PRECISIONS)
        _check_choice("method of calibration", self.method, METHODS)
        _check_choice("target", self.target, (HOST, *BOARDS))
        if not (math.isfinite(self.max_drop) and 0 <= self.max_drop <= MOST_POINTS):
            raise InputError(f"a drop of {self.max_drop} points is no budget", remedy="give 0 to 100 points")
        if self.measure_on and self.record:
            raise InputError("a device is measured or its records are read, not both", remedy="leave --record out")
        if self.precision == "fp32" and self.calibration:
            raise InputError("fp32 needs no calibration", remedy="add --precision int8 or auto, or leave it out")


def _check_choice(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise InputError(f"{given!r} is no {what}", remedy=f"choose from: {', '.join(known)}")
