"""The candidates of a stage as they are shown: each with a key for charts, and its size beside that of fp32."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.bench.report.groups import key_of
from edge.bench.report.headlines import metric_title
from edge.bench.report.units import MISSING, plain
from edge.quantisation import CHOSEN, FAILED, REJECTED, CandidateRecord, Interval, Quantisation

FP32 = "fp32"
PLAIN = 1e6
"""Where numbers become too long to be read: nothing that was measured is there."""

ORDER = (CHOSEN, REJECTED, FAILED)

SCORES = {
    "agreement": "agreement with fp32",
    "spearman": "Spearman's rho with fp32",
    "cosine": "cosine with fp32",
}


@dataclass(frozen=True)
class Tried:
    """`share` is the size over that of the same engine's fp32 artifact, None where either is unknown."""

    key: str
    record: CandidateRecord
    share: float | None

    @property
    def latency(self) -> Interval | None:
        """Over fp32's; fp32 itself need not be measured."""
        return self.record.latency_ratio or (_itself(1.0) if self.record.precision == FP32 else None)

    @property
    def drop(self) -> Interval | None:
        """Points lost against fp32; fp32 itself loses none."""
        return self.record.drop or (_itself(0.0) if self.record.precision == FP32 else None)

    @property
    def title(self) -> str:
        """`onnxruntime int8`."""
        return f"{self.record.engine} {self.record.precision}"

    @property
    def how(self) -> str:
        """`u8, mse, smooth, 3 nodes in float`; what is nothing but its precision says nothing."""
        kept = len(self.record.floats)
        floats = f"{kept} node{'s' if kept > 1 else ''} in float" if kept else ""
        return ", ".join(filter(None, (self.record.activations, self.record.method, *self.record.steps, floats)))


def tried(found: Quantisation) -> list[Tried]:
    """What was chosen first, then what lost, then what failed."""
    ordered = sorted(found.candidates, key=lambda one: ORDER.index(one.verdict) if one.verdict in ORDER else len(ORDER))
    full = {one.engine: one.size for one in reversed(ordered) if one.precision == FP32}
    return [
        Tried(key_of(number), one, one.size / full[one.engine] if one.size and full.get(one.engine) else None)
        for number, one in enumerate(ordered)
    ]


def chosen(all_of: Sequence[Tried]) -> list[Tried]:
    """One for each engine, as a rule."""
    return [one for one in all_of if one.record.verdict == CHOSEN]


def score_title(found: Quantisation) -> str:
    """What points are points of."""
    if found.calibration is None:
        return "accuracy"
    return SCORES.get(found.calibration.score, metric_title(found.calibration.score))


def budget(found: Quantisation) -> str:
    """`1 point`."""
    return f"{plain(found.max_drop)} point{'' if found.max_drop == 1 else 's'}"


def ratio(found: Interval | None) -> str:
    """`0.380 (0.361 to 0.402)`, or MISSING."""
    return _said(found, 3)


def points(found: Interval | None) -> str:
    """The same with the digits that points have: to a hundredth."""
    return _said(found, 2)


def ends(found: Interval, decimals: int) -> str:
    """`0.361 to 0.402`."""
    return f"{_decimals(found.low, decimals)} to {_decimals(found.high, decimals)}"


def faster(found: Interval | None) -> Interval | None:
    """How many times as fast as fp32; None where that was not measured."""
    if found is None or min(found.value, found.low, found.high) <= 0:
        return None
    return Interval(value=1 / found.value, low=1 / found.high, high=1 / found.low)


def _itself(value: float) -> Interval:
    return Interval(value=value, low=value, high=value)


def _said(found: Interval | None, decimals: int) -> str:
    if found is None:
        return MISSING
    sure = found.low == found.value == found.high
    return _decimals(found.value, decimals) + ("" if sure else f" ({ends(found, decimals)})")


def _decimals(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if abs(value) < PLAIN else f"{value:.{decimals}e}"
