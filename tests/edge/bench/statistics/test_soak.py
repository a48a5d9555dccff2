from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.statistics.soak import Soak, soak


def soaked(latency: Callable[[float], float], seconds: float = 600.0) -> Soak:
    """Queries one after the other, each as long as the time of its begin says."""
    samples, ends, now = [], [], 0.0
    while now < seconds:
        samples.append(latency(now))
        now += samples[-1]
        ends.append(now)
    found = soak(samples, ends, ends[-1])
    assert found is not None
    return found


@given(noise=st.integers(0, 99))
def test_a_machine_that_stays_cool_loses_nothing(noise: int) -> None:
    chance = np.random.default_rng(noise)
    found = soaked(lambda _now: 0.1 * float(np.exp(chance.normal(0, 0.03))))
    assert found.kept == pytest.approx(1, abs=0.02)
    assert found.slower_after is None


@pytest.mark.parametrize("at", [100, 300, 500])
@pytest.mark.parametrize("loss", [1.2, 2.0])
def test_throttling_is_found_with_its_time_and_what_is_left(at: float, loss: float) -> None:
    chance = np.random.default_rng(0)
    found = soaked(lambda now: 0.1 * (loss if now > at else 1) * float(np.exp(chance.normal(0, 0.03))))
    assert found.slower_after == pytest.approx(at, abs=15)
    assert found.peak == pytest.approx(0.1, rel=0.02)
    if at < 400:
        assert found.kept == pytest.approx(1 / loss, rel=0.03)


def test_a_slow_spell_is_not_the_end() -> None:
    found = soaked(lambda now: 0.3 if 200 < now < 260 else 0.1)
    assert found.slower_after is None
    assert found.kept == 1


def test_a_warm_up_is_not_taken_for_the_peak() -> None:
    found = soaked(lambda now: 0.2 if now < 60 else 0.1)
    assert (found.peak, found.settled) == (0.1, 0.1)


def test_of_a_few_queries_nothing_is_said() -> None:
    assert soak([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], 3.0) is None
