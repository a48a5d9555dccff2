"""Spearman's rho and cosines against scipy-free arithmetic by hand, and what they say of noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from edge.errors import CheckError
from packager.quantise.judge.vectors import Vectors, direction_loss, finite, rank_loss


def _vectors(count: int = 40, size: int = 8, seed: int = 0) -> list[Vectors]:
    return list(np.random.default_rng(seed).standard_normal((count, size)))


def _noisy(vectors: Sequence[Vectors], size: float, seed: int = 1) -> list[Vectors]:
    chance = np.random.default_rng(seed)
    return [one + size * chance.standard_normal(one.shape) for one in vectors]


def test_what_ranks_alike_loses_nothing_though_it_is_longer_or_turned() -> None:
    vectors = _vectors()
    turn = np.linalg.qr(np.random.default_rng(5).standard_normal((8, 8)))[0]
    for others in (vectors, [3 * one for one in vectors], [turn @ one for one in vectors]):
        found = rank_loss(vectors, others)
        assert found.value == pytest.approx(0, abs=1e-6)
        assert found.high < 1e-3


def test_the_loss_is_one_less_rho_over_all_pairs() -> None:
    ours, theirs = [np.array([1.0, 0]), np.array([0.8, 0.6]), np.array([0, 1.0])], _vectors(3, 2)
    pairs = [(0, 1), (0, 2), (1, 2)]
    ranks = []
    for side in (ours, theirs):
        unit = [one / np.linalg.norm(one) for one in side]
        ranks.append(np.argsort(np.argsort([unit[a] @ unit[b] for a, b in pairs])))
    rho = 1 - 6 * float(np.square(ranks[0] - ranks[1]).sum()) / (3 * (9 - 1))
    assert rank_loss(ours, theirs).value == pytest.approx(100 * (1 - rho))


def test_more_noise_loses_more_and_the_interval_is_of_the_inputs() -> None:
    ours = _vectors()
    little, much = rank_loss(ours, _noisy(ours, 0.05)), rank_loss(ours, _noisy(ours, 0.5))
    assert 0 < little.value < little.high < much.low < much.value


def test_the_jackknife_covers_the_loss_on_all_inputs() -> None:
    every = _vectors(200, 16, seed=9)
    noisy = _noisy(every, 0.3)
    whole = rank_loss(every, noisy).value
    chance = np.random.default_rng(2)
    within = 0
    for _ in range(60):
        some = chance.choice(200, 40, replace=False)
        found = rank_loss([every[n] for n in some], [noisy[n] for n in some])
        within += found.low <= whole <= found.high
    assert within >= 53


def test_what_all_outputs_have_in_common_does_not_hide_an_error() -> None:
    ours = [one + 100 for one in _vectors()]
    noisy = _noisy(ours, 1.0)
    plain = 1 - float(ours[0] @ noisy[0]) / float(np.linalg.norm(ours[0]) * np.linalg.norm(noisy[0]))
    assert 100 * plain < 0.1
    assert direction_loss(ours, noisy).low > 5


def test_outputs_of_differing_shapes_have_a_direction_too() -> None:
    ours = [one[: 3 + n % 4] for n, one in enumerate(_vectors())]
    assert direction_loss(ours, ours).value == pytest.approx(0, abs=1e-6)


def test_outputs_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(CheckError, match="1 of 2 outputs hold NaN"):
        finite([np.zeros(2), np.array([1, np.nan])])
