from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.statistics.median import FEWEST, median
from edge.bench.statistics.ratio import FEWEST_RUNS, paired_ratio, ratio_of_medians, ratio_over_runs
from tests.support.latencies import processes

times = st.floats(1e-3, 1e3)
pairs = st.lists(st.tuples(times, times), min_size=FEWEST, max_size=60)


@given(measured=pairs)
def test_the_interval_holds_the_median_ratio(measured: list[tuple[float, float]]) -> None:
    found = paired_ratio([one for one, _ in measured], [other for _, other in measured])
    logs = [np.log(one / other) for one, other in measured]
    assert found.middle == pytest.approx(np.exp(np.median(logs)))
    assert found.low <= found.middle <= found.high


@given(measured=pairs)
def test_the_other_way_round_is_the_inverse(measured: list[tuple[float, float]]) -> None:
    ours, theirs = ([pair[side] for pair in measured] for side in (0, 1))
    one, other = paired_ratio(ours, theirs), paired_ratio(theirs, ours)
    assert (other.low, other.middle, other.high) == pytest.approx((1 / one.high, 1 / one.middle, 1 / one.low), rel=1e-6)


@given(factor=st.floats(0.01, 100), base=st.lists(times, min_size=FEWEST, max_size=60))
def test_a_constant_ratio_is_certain(factor: float, base: list[float]) -> None:
    found = paired_ratio([factor * one for one in base], base)
    assert (found.low, found.high) == pytest.approx((factor, factor), rel=1e-6)


def test_what_drifts_on_both_sides_cancels() -> None:
    drift = np.linspace(1, 2, 40)
    noise = 0.01 * next(processes(0.0, 40, 1))
    found = paired_ratio((1.1 * drift * np.exp(noise)).tolist(), drift.tolist())
    assert 1.09 < found.low < 1.1 < found.high < 1.11


def test_a_burst_on_one_side_does_not_move_it() -> None:
    theirs = np.exp(0.01 * next(processes(0.0, 40, 1)))
    ours = np.exp(0.01 * next(processes(0.0, 40, 1, seed=1)))
    ours[20:24] *= 30
    found = paired_ratio(ours.tolist(), theirs.tolist())
    assert 0.98 < found.low < 1 < found.high < 1.02


@pytest.mark.parametrize(("alike", "least"), [(0.0, 0.93), (0.3, 0.91), (0.6, 0.90)])
def test_it_covers_what_it_promises_with_few_pairs(alike: float, least: float) -> None:
    found = [paired_ratio(np.exp(0.02 * one).tolist(), [1.0] * 40) for one in processes(alike, 40, 1000)]
    assert np.mean([one.low <= 1 <= one.high for one in found]) >= least


def test_two_series_apart_cover_the_ratio_of_their_medians() -> None:
    ours = [median(0.02 * np.exp(0.2 * one)) for one in processes(0.3, 130, 600)]
    theirs = [median(0.01 * np.exp(0.4 * one)) for one in processes(0.0, 64, 600, seed=1)]
    found = [ratio_of_medians(one, other) for one, other in zip(ours, theirs, strict=True)]
    assert 0.92 <= np.mean([one.low <= 2 <= one.high for one in found]) <= 0.98


def test_what_are_no_pairs_or_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        paired_ratio([1.0] * (FEWEST - 1), [1.0] * (FEWEST - 1))
    with pytest.raises(ValueError, match="no pairs"):
        paired_ratio([1.0] * FEWEST, [1.0] * (FEWEST + 1))


@pytest.mark.parametrize("runs", [FEWEST_RUNS, 6])
def test_over_a_few_runs_it_covers_what_runs_are_apart(runs: int) -> None:
    spread = np.random.default_rng(0).normal(scale=0.02, size=(2000, runs))
    found = [ratio_over_runs((0.9 * np.exp(one)).tolist()) for one in spread]
    assert 0.93 <= np.mean([one.low <= 0.9 <= one.high for one in found]) <= 0.97
    assert all(one.sure for one in found)


def test_runs_that_found_the_same_do_not_show_how_much_runs_differ() -> None:
    found = ratio_over_runs([0.9] * FEWEST_RUNS)
    assert (found.low, found.high) == pytest.approx((0.9, 0.9))
    assert not found.sure


def test_too_few_runs_have_no_interval() -> None:
    with pytest.raises(ValueError, match="2 runs"):
        ratio_over_runs([0.9] * (FEWEST_RUNS - 1))
