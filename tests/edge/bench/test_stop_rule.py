from __future__ import annotations

import pytest

from edge.bench.stop_rule import ENOUGH, MAX_SAMPLES, MAX_SECONDS, MOST_SAMPLES, StopRule

RULE = StopRule(min_seconds=3, min_samples=64, max_seconds=60)


@pytest.mark.parametrize(
    ("seconds", "samples", "reason"),
    [
        (2.9, 1000, ""),
        (3.0, 63, ""),
        (3.0, 64, ENOUGH),
        (59.9, 63, ""),
        (60.0, 63, MAX_SECONDS),
        (60.0, 64, ENOUGH),
        (2.9, MOST_SAMPLES, MAX_SAMPLES),
    ],
)
def test_both_minima_end_it_or_a_maximum(seconds: float, samples: int, reason: str) -> None:
    assert RULE.reason(seconds, samples) == reason
