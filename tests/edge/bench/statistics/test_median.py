from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.statistics.median import Median, median
from edge.bench.statistics.student import student
from tests.support.latencies import SHAPES, processes

times = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=100)
REPEATS = 1000
# The 97.5% quantile by degrees of freedom, as every table has it.
TABLE = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 30: 2.042, 120: 1.980}


def _covered(alike: float, count: int, shape: str) -> tuple[float, float]:
    """The shares of intervals that hold the true median, and that are sure."""
    make = SHAPES[shape]
    truth = float(make(np.zeros(1))[0])
    found = [median(make(one)) for one in processes(alike, count, REPEATS)]
    sure = [one for one in found if one.sure]
    return sum(one.low <= truth <= one.high for one in sure) / max(len(sure), 1), len(sure) / REPEATS


@pytest.mark.parametrize("shape", ["normal", "lognormal", "a floor and a tail"])
@pytest.mark.parametrize("count", [64, 130, 662])
def test_the_interval_of_independent_samples_covers_what_it_promises(count: int, shape: str) -> None:
    covered, sure = _covered(0.0, count, shape)
    assert 0.93 <= covered <= 0.97
    assert sure > 0.99


@pytest.mark.parametrize("count", [64, 130, 662])
@pytest.mark.parametrize("alike", [0.3, 0.6])
def test_it_covers_where_neighbours_are_alike(alike: float, count: int) -> None:
    covered, sure = _covered(alike, count, "lognormal")
    assert covered >= 0.90
    assert sure > 0.85


@pytest.mark.parametrize(("alike", "count"), [(0.6, 11), (0.6, 24), (0.9, 24), (0.9, 64), (0.9, 662), (0.97, 662)])
def test_it_covers_or_says_that_it_is_not_sure(alike: float, count: int) -> None:
    covered, sure = _covered(alike, count, "normal")
    assert sure * (1 - covered) < 0.11


def test_steps_of_a_clock_only_make_it_wider() -> None:
    assert _covered(0.0, 130, "a clock of few steps")[0] >= 0.95


@given(samples=times)
def test_it_holds_numpys_median(samples: list[float]) -> None:
    found = median(samples)
    assert found.middle == pytest.approx(float(np.median(samples)))
    assert min(samples) <= found.low <= found.middle <= found.high <= max(samples)
    assert median(samples) == found


@given(samples=times, factor=st.floats(0.01, 100))
def test_another_unit_gives_another_unit(samples: list[float], factor: float) -> None:
    found, other = median(samples), median([factor * one for one in samples])
    assert [other.low, other.middle, other.high] == pytest.approx(
        [factor * found.low, factor * found.middle, factor * found.high], rel=1e-6
    )


def test_a_burst_hardly_moves_it() -> None:
    calm = SHAPES["normal"](next(processes(0.0, 200, 1)))
    burst = calm.copy()
    burst[50:60] *= 40
    found, disturbed = median(calm), median(burst)
    assert disturbed.middle == pytest.approx(found.middle, rel=0.01)
    assert disturbed.high - disturbed.low < 2 * (found.high - found.low)


def test_few_samples_are_never_sure() -> None:
    assert not any(median([1.0] * count).sure for count in range(1, 11))
    assert median([1.0] * 11) == Median(low=1.0, middle=1.0, high=1.0, likeness=0.0, sure=True)


def test_neighbours_that_are_alike_are_seen() -> None:
    wave = [math.sin(place / 40) for place in range(400)]
    assert median(wave).likeness > 0.9
    assert not median(wave).sure
    assert not median([0.02] * 40 + [0.03] * 40).sure


@pytest.mark.parametrize(("freedom", "quantile"), TABLE.items())
def test_students_quantiles_are_the_tables(freedom: int, quantile: float) -> None:
    assert student(0.975, freedom) == pytest.approx(quantile, rel=0.01)
