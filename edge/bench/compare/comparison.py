"""Which of two is faster, and by how much: a ratio, its interval, and an answer in words.

One run of each says how latencies vary within a process, not from one process to the next, where layout in memory,
clocks and neighbours differ: runs of the same thing may be some percent apart (Mytkowicz, Diwan, Hauswirth and Sweeney,
ASPLOS 2009). So their interval is widened by APART. Three runs of each, or more, show that spread themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.bench.compare.comparable import require_comparable, require_same
from edge.bench.judge import INVALID
from edge.bench.judge.spread import DRIFT
from edge.bench.record import Measurement
from edge.bench.report.judged import Judged
from edge.bench.statistics.ratio import FEWEST_RUNS, Ratio, ratio_of_medians
from edge.bench.statistics.student import student
from edge.errors import InputError
from edge.records import Record

APART = DRIFT
"""What a VALID record may drift by within its own run: less than that is no difference between one run and another."""

FASTER, SLOWER, SAME = "faster", "slower", "no difference"


@dataclass(frozen=True, kw_only=True)
class Comparison(Record):
    """How long the second takes, as a multiple of the first: the ratio of median latencies.

    `runs` are those of each side. `apart` is the share that the interval was widened by, 0 where runs showed it.
    """

    runs: tuple[int, ...]
    medians: tuple[float, ...]
    ratio: Ratio
    apart: float

    @property
    def answer(self) -> str:
        """FASTER or SLOWER, of the second, where the whole interval is; else SAME."""
        if self.ratio.high < 1:
            return FASTER
        return SLOWER if self.ratio.low > 1 else SAME

    def exceeds(self, limit: float) -> bool:
        """Whether the second takes more than `limit` times as long, and surely longer."""
        return self.answer == SLOWER and self.ratio.middle > limit


def compare(first: Sequence[Judged], second: Sequence[Judged]) -> Comparison:
    """Compare runs of one thing with runs of another; raises InputError for what cannot be compared."""
    for side in (first, second):
        for one in side:
            _require_valid(one)
            require_comparable(first[0].done, one.done)
            require_same(side[0].done, one.done)
    if len(first) == len(second) == 1:
        ours, theirs = first[0].summary.queries.median, second[0].summary.queries.median
        found, apart = _widened(ratio_of_medians(theirs, ours)), APART
        medians = [ours.middle, theirs.middle]
    elif min(len(first), len(second)) >= FEWEST_RUNS:
        logs = [np.log([one.summary.queries.median.middle for one in side]) for side in (first, second)]
        found, apart = _of_runs(*logs), 0.0
        medians = [float(np.exp(side.mean())) for side in logs]
    else:
        raise InputError(
            f"{len(first)} and {len(second)} runs do not show how much runs differ",
            remedy=f"give one of each, or {FEWEST_RUNS} of each at least",
        )
    return Comparison(runs=(len(first), len(second)), medians=tuple(medians), ratio=found, apart=apart)


def _widened(ratio: Ratio) -> Ratio:
    return Ratio(low=ratio.low / (1 + APART), middle=ratio.middle, high=ratio.high * (1 + APART), sure=ratio.sure)


def _of_runs(first: NDArray[np.float64], second: NDArray[np.float64]) -> Ratio:
    """Welch's interval for two series of log medians (Biometrika 34, 1947)."""
    parts = [float(side.var(ddof=1)) / len(side) for side in (first, second)]
    spread = sum(parts)
    middle = float(second.mean() - first.mean())
    if spread == 0:
        return Ratio(low=math.exp(middle), middle=math.exp(middle), high=math.exp(middle), sure=False)
    freedom = spread**2 / sum(part**2 / (len(side) - 1) for part, side in zip(parts, (first, second), strict=True))
    reach = student(0.975, freedom) * math.sqrt(spread)
    return Ratio(low=math.exp(middle - reach), middle=math.exp(middle), high=math.exp(middle + reach), sure=True)


def _require_valid(one: Judged) -> None:
    if one.judgement.verdict == INVALID:
        worst = one.judgement.findings[0]
        raise InputError(f"{title(one.done)} is INVALID: {worst.reason}", remedy=worst.remedy)


def title(done: Measurement) -> str:
    """A record in a line: `minilm (model.onnx, fp32) on onnxruntime 1.32.0, 4 threads`."""
    threads = f"{done.threads_got} thread{'s' if done.threads_got != 1 else ''}"
    return f"{done.bundle} ({done.file}, {done.precision}) on {done.engine} {done.engine_version}, {threads}"
