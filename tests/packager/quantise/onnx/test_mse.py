"""Ranges of least squares, against the error of rounding every value."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from packager.quantise.onnx.mse import best_range


def error(values: NDArray[np.float64], low: float, high: float) -> float:
    step = (high - low) / 255
    return float(np.square(np.clip(np.rint((values - low) / step), 0, 255) * step + low - values).mean())


@given(st.integers(0, 2**32 - 1), st.floats(1, 1e4), st.integers(1, 5))
def test_never_much_worse_than_the_widest_range(seed: int, reach: float, outliers: int) -> None:
    random = np.random.default_rng(seed)
    values = np.concatenate([random.normal(size=20_000), random.choice([-1, 1], outliers) * reach])
    low, high = values.min(), values.max()
    edge = max(-low, high)
    counts, edges = np.histogram(values, 2048, range=(-edge, edge))
    found = best_range(counts, edges, low, high)
    assert low <= found[0] <= 0 <= found[1] <= high
    assert error(values, *found) <= 1.05 * error(values, low, high) + 1e-12


def test_an_outlier_is_cut_off() -> None:
    values = np.concatenate([np.random.default_rng(0).normal(size=1_000_000), [30.0]])
    counts, edges = np.histogram(values, 2048, range=(-30, 30))
    _, high = best_range(counts, edges, values.min(), values.max())
    assert high < 20


def test_values_on_one_side_have_all_steps() -> None:
    values = np.random.default_rng(0).uniform(0, 6, 10_000)
    counts, edges = np.histogram(values, 2048, range=(-6, 6))
    low, high = best_range(counts, edges, values.min(), values.max())
    assert low == 0
    assert high > 5.9
