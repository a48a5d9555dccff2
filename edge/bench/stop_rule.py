"""When a measurement ends: after enough time and enough samples, and never long after the most time it may take."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record

ENOUGH = "enough"
MAX_SECONDS = "max-seconds"
MAX_SAMPLES = "max-samples"
INTERRUPTED = "interrupted"

MOST_SAMPLES = 1_000_000
"""Samples are kept one by one, and a small board must hold them."""


@dataclass(frozen=True, kw_only=True)
class StopRule:
    """Both minima must be met. A query that runs when `max_seconds` have passed is still waited for, and counts."""

    min_seconds: float
    min_samples: int
    max_seconds: float

    def reason(self, seconds: float, samples: int) -> str:
        """Why to stop after so many seconds and samples; empty to go on."""
        if seconds >= self.min_seconds and samples >= self.min_samples:
            return ENOUGH
        if seconds >= self.max_seconds:
            return MAX_SECONDS
        return MAX_SAMPLES if samples >= MOST_SAMPLES else ""


@dataclass(frozen=True, kw_only=True)
class Stop(Record):
    """What was asked of the steady phase, and why it ended.

    `reason` is `enough`, `max-seconds`, `max-samples` (a million) or `interrupted`.
    """

    min_seconds: float
    min_samples: int
    max_seconds: float
    reason: str
