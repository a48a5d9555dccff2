from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.statistics.series import describe
from tests.support.latencies import SHAPES, processes

times = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=80)


@given(samples=times)
def test_it_agrees_with_numpy(samples: list[float]) -> None:
    found = describe(samples)
    assert (found.count, found.minimum, found.maximum) == (len(samples), min(samples), max(samples))
    middle = np.median(samples)
    assert found.mad == pytest.approx(np.median(np.abs(np.array(samples) - middle)))
    assert found.iqr == pytest.approx(np.quantile(samples, 0.75) - np.quantile(samples, 0.25))
    assert found.spread == pytest.approx(found.iqr / middle)


@given(samples=times)
def test_the_order_matters_to_the_drift_and_the_likeness_alone(samples: list[float]) -> None:
    there, back = describe(samples), describe(samples[::-1])
    assert (there.percentiles, there.bounds, there.mad, there.iqr, there.outliers) == (
        (back.percentiles, back.bounds, back.mad, back.iqr, back.outliers)
    )


@pytest.mark.parametrize("by", [-0.2, 0.0, 0.08])
def test_drift_is_the_last_third_against_the_first(by: float) -> None:
    factors = np.linspace(1, 1 + by, 300)
    samples = SHAPES["normal"](0.1 * next(processes(0.0, 300, 1))) * factors
    assert describe(samples.tolist()).drift == pytest.approx((1 + by * 5 / 6) / (1 + by / 6) - 1, abs=0.005)


def test_too_few_samples_have_no_drift() -> None:
    assert describe([1.0] * 32).drift is None
    assert describe([1.0] * 33).drift == 0


def test_outliers_are_counted_and_stay() -> None:
    samples = [0.01 + 1e-5 * (place % 7) for place in range(200)]
    samples[50], samples[120] = 0.5, 0.0001
    found = describe(samples)
    assert found.outliers == 2
    assert (found.minimum, found.maximum, found.count) == (0.0001, 0.5, 200)
    assert found.bounds["p90"] is not None
    assert describe(samples[:50]).outliers == 0


def test_a_million_samples_are_described() -> None:
    found = describe(SHAPES["lognormal"](next(processes(0.0, 1_000_000, 1))).tolist())
    assert all(value is not None for value in found.percentiles.values())
    assert found.median.sure
    assert found.median.low < 0.02 < found.median.high
