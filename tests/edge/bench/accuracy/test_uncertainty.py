from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.accuracy import Accuracy
from edge.bench.accuracy.uncertainty import interval


def accuracy(errors: list[int], lengths: list[int]) -> Accuracy:
    return Accuracy(
        dataset="d", digest="", inputs=len(errors), failed=0, metrics={}, errors=tuple(errors), lengths=tuple(lengths)
    )


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    # From the formula in Wilson's paper, and as statistics packages print it.
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (299, 300, 0.9814, 0.9994)],
)
def test_a_share_has_wilsons_interval(right: int, count: int, low: float, high: float) -> None:
    found = interval(accuracy([0] * right + [1] * (count - right), [1] * count), "top1")
    assert found == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("truth", [0.05, 0.5, 0.9])
def test_a_share_is_covered_as_promised(truth: float) -> None:
    chance = np.random.default_rng(0)
    covered = 0
    for _ in range(2000):
        errors = (chance.random(120) >= truth).astype(int).tolist()
        found = interval(accuracy(errors, [1] * 120), "exact_match")
        assert found is not None
        covered += found[0] <= truth <= found[1]
    assert 0.92 <= covered / 2000 <= 0.98


def test_an_error_rate_is_covered_though_texts_differ() -> None:
    chance = np.random.default_rng(0)
    covered = 0
    for _ in range(1000):
        lengths = chance.integers(5, 60, 120)
        hard = chance.beta(1, 9, 120)  # a tenth of the characters is wrong, most of them in few texts
        errors = chance.binomial(lengths, hard)
        found = interval(accuracy(errors.tolist(), lengths.tolist()), "cer")
        assert found is not None
        covered += found[0] <= 0.1 <= found[1]
    assert 0.91 <= covered / 1000 <= 0.98


@given(pairs=st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=40))
def test_an_error_rate_lies_in_its_interval(pairs: list[tuple[int, int]]) -> None:
    errors, lengths = [one for one, _ in pairs], [other for _, other in pairs]
    found = interval(accuracy(errors, lengths), "cer")
    assert found is not None
    assert found[0] <= sum(errors) / sum(lengths) <= found[1] + 1e-12


def test_of_what_is_not_known_nothing_is_said() -> None:
    assert interval(accuracy([1], [3]), "cer") is None
    assert interval(accuracy([0, 0], [0, 0]), "cer") is None
    assert interval(accuracy([0], [1]), "hmean") is None
    assert interval(accuracy([], []), "top1") is None
