from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.interval import MIN_PAIRS, ratio_interval, student

times = st.floats(1e-3, 1e3)
pairs = st.lists(st.tuples(times, times), min_size=MIN_PAIRS, max_size=60)
# The 97.5% quantile by degrees of freedom, as every table has it.
TABLE = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 30: 2.042, 120: 1.980}


@given(measured=pairs)
def test_the_interval_holds_the_mean_ratio(measured: list[tuple[float, float]]) -> None:
    found = ratio_interval([one for one, _ in measured], [other for _, other in measured])
    middle = math.exp(np.mean([math.log(one / other) for one, other in measured]))
    assert found.low <= middle * (1 + 1e-9)
    assert found.high >= middle * (1 - 1e-9)


@given(measured=pairs)
def test_the_other_way_round_is_the_inverse(measured: list[tuple[float, float]]) -> None:
    ours, theirs = ([pair[side] for pair in measured] for side in (0, 1))
    one, other = ratio_interval(ours, theirs), ratio_interval(theirs, ours)
    assert (other.low, other.high) == pytest.approx((1 / one.high, 1 / one.low), rel=1e-6)


@given(factor=st.floats(0.01, 100), base=st.lists(times, min_size=MIN_PAIRS, max_size=60))
def test_a_constant_ratio_is_certain(factor: float, base: list[float]) -> None:
    found = ratio_interval([factor * one for one in base], base)
    assert (found.low, found.high) == pytest.approx((factor, factor), rel=1e-6)


@pytest.mark.parametrize(("likeness", "least"), [(0.0, 0.93), (0.3, 0.91), (0.6, 0.88)])
def test_it_covers_what_it_promises_even_where_neighbours_are_alike(likeness: float, least: float) -> None:
    chance = np.random.default_rng(0)
    covered = 0
    for _ in range(500):
        noise = chance.standard_normal(80)
        for place in range(1, len(noise)):
            noise[place] = likeness * noise[place - 1] + math.sqrt(1 - likeness**2) * noise[place]
        found = ratio_interval(np.exp(0.02 * noise[-40:]).tolist(), [1.0] * 40)
        covered += found.low <= 1 <= found.high
    assert covered / 500 >= least


@pytest.mark.parametrize(("freedom", "quantile"), TABLE.items())
def test_students_quantiles_are_the_tables(freedom: int, quantile: float) -> None:
    assert student(0.975, freedom) == pytest.approx(quantile, rel=0.01)


def test_few_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        ratio_interval([1.0] * (MIN_PAIRS - 1), [1.0] * (MIN_PAIRS - 1))
