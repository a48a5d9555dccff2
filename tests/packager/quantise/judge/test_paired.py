"""Points lost on the same inputs: exact where it can be told by hand, and an interval that covers what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.accuracy import Accuracy
from edge.errors import InputError
from packager.quantise.judge.paired import drop, lost, mean_lost


def _accuracy(errors: list[int], digest: str = "d") -> Accuracy:
    return Accuracy(
        dataset="digits",
        digest=digest,
        inputs=len(errors),
        failed=0,
        metrics={},
        errors=tuple(errors),
        lengths=(1,) * len(errors),
    )


def test_three_answers_of_a_hundred_that_became_wrong_are_three_points() -> None:
    before, after = [0] * 100, [1] * 3 + [0] * 97
    found = lost(before, after, [1] * 100)
    # Agresti and Min by hand: b = 3.5, c = 0.5, n = 102.
    rate, spread = 3 / 102, (3.5 + 0.5 - 3**2 / 102) / 102**2
    assert found.value == pytest.approx(3.0)
    assert found.low == pytest.approx(100 * (rate - 1.959964 * spread**0.5))
    assert found.high == pytest.approx(100 * (rate + 1.959964 * spread**0.5))


def test_no_change_is_not_certain_of_inputs_that_were_not_seen() -> None:
    few, many = (lost([0] * count, [0] * count, [1] * count) for count in (20, 2000))
    assert few.value == many.value == 0
    assert few.high > 5
    assert many.high < 0.2


def test_what_both_get_wrong_costs_nothing_and_what_is_gained_counts() -> None:
    assert lost([1, 1, 0, 0] * 10, [1, 0, 0, 0] * 10, [1] * 40).value == -25
    assert lost([1] * 40, [1] * 40, [1] * 40).value == 0


def test_edits_are_counted_by_character() -> None:
    assert lost([1, 0], [3, 0], [10, 90]).value == pytest.approx(2.0)


def test_one_page_is_no_surer_than_its_characters() -> None:
    found = lost([2], [2], [300])
    assert found.value == 0
    assert 0.5 < found.high < 1
    worse = lost([2], [8], [300])
    assert worse.value == pytest.approx(2.0)
    assert 0 < worse.low < 1
    assert 3 < worse.high < 5


def test_texts_of_nothing_cannot_be_judged_on() -> None:
    with pytest.raises(InputError, match="nothing that could be right"):
        lost([0, 0], [0, 0], [0, 0])


@pytest.mark.parametrize(("worse", "better"), [(0.03, 0.01), (0.01, 0.01), (0.10, 0.02)])
def test_the_interval_of_labels_covers(worse: float, better: float) -> None:
    chance = np.random.default_rng(3)
    within = 0
    for _ in range(1000):
        change = chance.choice([1, -1, 0], 150, p=[worse, better, 1 - worse - better])
        before = (change < 0).astype(int).tolist()
        found = lost(before, (np.array(before) + change).tolist(), [1] * 150)
        within += found.low <= 100 * (worse - better) <= found.high
    assert within >= 940


def test_the_interval_of_edits_covers() -> None:
    chance = np.random.default_rng(4)
    within = 0
    for _ in range(1000):
        lengths = chance.integers(5, 40, 120)
        after = chance.binomial(lengths, 0.02)
        found = lost([0] * 120, after.tolist(), lengths.tolist())
        within += found.low <= 2.0 <= found.high
    assert within >= 930


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 30)), min_size=1, max_size=40))
def test_the_value_lies_in_its_interval_and_the_other_way_round_is_a_gain(rows: list[tuple[int, int, int]]) -> None:
    before, after, lengths = (list(column) for column in zip(*rows, strict=True))
    there, back = lost(before, after, lengths), lost(after, before, lengths)
    assert there.low <= there.high
    assert there.value == pytest.approx(-back.value)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_only_one_dataset_makes_pairs() -> None:
    assert drop(_accuracy([0, 1]), _accuracy([1, 1])).value == 50
    with pytest.raises(InputError, match="make no pairs"):
        drop(_accuracy([0, 1]), _accuracy([1, 1], digest="e"))


def test_a_mean_has_the_interval_of_a_mean() -> None:
    found = mean_lost([1.0, 2.0, 3.0])
    assert found.value == 2
    assert found.high - found.value == pytest.approx(1.959964 / 3**0.5)
