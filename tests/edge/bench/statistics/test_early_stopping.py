from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.statistics.early_stopping import estimate, holds, samples_for


def _exactly_at_most(samples: int, over: int, share: Fraction) -> Fraction:
    return sum(
        (comb(samples, k) * (1 - share) ** k * share ** (samples - k) for k in range(over + 1)), start=Fraction(0)
    )


def test_the_fewest_samples_are_mlperfs() -> None:
    # mlcommons/inference_policies, inference_rules.adoc, appendix "Early stopping": a tolerance of 0, 99% confidence.
    table = {0.5: 11, 0.9: 64, 0.95: 130, 0.97: 219, 0.99: 662, 0.999: 6636}
    assert {share: samples_for(share) for share in table} == table


@given(samples=st.integers(2, 300), data=st.data(), share=st.sampled_from(["0.5", "0.9", "0.95", "0.99"]))
def test_it_is_the_binomial_distribution(samples: int, data: st.DataObject, share: str) -> None:
    over = data.draw(st.integers(0, samples - 1))
    exact = _exactly_at_most(samples, over, Fraction(share))
    assert holds(samples, over, float(share)) == (exact <= Fraction(1, 100))


@given(samples=st.lists(st.floats(0, 1), min_size=64, max_size=400))
def test_the_highest_are_left_out_as_long_as_the_others_hold(samples: list[float]) -> None:
    ordered = sorted(samples)
    over = next(count for count in range(1, len(ordered)) if not holds(len(ordered), count + 1, 0.9))
    assert estimate(ordered, 0.9) == ordered[-over]


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_too_few_samples_have_no_estimate(share: float) -> None:
    fewest = samples_for(share)
    assert estimate([1.0] * (fewest - 1), share) is None
    assert estimate([float(one) for one in range(fewest)], share) == fewest - 1


def test_the_percentile_is_below_its_estimate_in_99_of_100() -> None:
    chance = np.random.default_rng(0)
    below = [float(estimate(np.sort(chance.random(300)).tolist(), 0.9) or 0) >= 0.9 for _ in range(2000)]
    assert 0.985 <= np.mean(below) <= 1.0


def test_a_million_samples_are_no_matter() -> None:
    found = estimate(range(1_000_000), 0.99)
    assert found is not None
    assert 990_000 < found < 990_400
