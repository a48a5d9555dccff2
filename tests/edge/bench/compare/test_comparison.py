from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from edge.bench.compare.comparison import APART, FASTER, SAME, SLOWER, compare
from edge.bench.record import Measurement
from edge.bench.report.judged import Judged, judged
from edge.errors import InputError
from tests.support.measurements import measurement, steady


def _one(seconds: float, seed: int = 0, **changes: object) -> Judged:
    return judged(measurement(steady(700, seconds, seed=seed), **changes))


def _runs(seconds: float, spread: float, count: int, seed: int) -> list[Judged]:
    moved = np.random.default_rng(seed).normal(0.0, spread, count)
    return [_one(seconds * float(np.exp(by)), seed + place) for place, by in enumerate(moved)]


def test_two_runs_of_one_thing_show_no_difference() -> None:
    done = compare([_one(0.0020)], [_one(0.0020, seed=1)])
    assert done.answer == SAME
    assert done.ratio.low < 1 < done.ratio.high
    assert done.apart == APART


def test_what_runs_may_differ_by_is_no_difference_for_one_run_of_each() -> None:
    assert compare([_one(0.002)], [_one(0.002 * 1.04)]).answer == SAME
    assert compare([_one(0.002 * 1.04)], [_one(0.002)]).answer == SAME


def test_the_second_is_faster_or_slower_by_the_ratio_of_medians() -> None:
    slow, fast = _one(0.0042), _one(0.0021, seed=1, threads=2, threads_got=2)
    done = compare([slow], [fast])
    assert done.answer == FASTER
    assert done.ratio.middle == pytest.approx(0.5, rel=0.01)
    assert done.ratio.low < 0.5 / (1 + APART / 2)
    assert done.medians == (slow.summary.queries.median.middle, fast.summary.queries.median.middle)
    back = compare([fast], [slow])
    assert back.answer == SLOWER
    assert back.ratio.middle == pytest.approx(1 / done.ratio.middle)
    assert back.ratio.high == pytest.approx(1 / done.ratio.low)


def test_several_runs_tell_smaller_differences_apart() -> None:
    quiet = compare(_runs(0.002, 0.002, 6, 1), _runs(0.00204, 0.002, 6, 9))
    assert (quiet.answer, quiet.apart, quiet.runs) == (SLOWER, 0.0, (6, 6))
    assert compare(_runs(0.002, 0.1, 4, 1), _runs(0.00204, 0.1, 4, 9)).answer == SAME


def test_the_interval_of_several_runs_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    template = _one(0.002)
    for seed in range(400):
        random = np.random.default_rng(seed)
        sides: list[list[Judged]] = []
        for truth, spread in ((0.002, 0.02), (0.0022, 0.05)):
            medians = truth * np.exp(random.normal(0.0, spread, 5))
            sides.append([_with_median(template, float(median)) for median in medians])
        ratio = compare(*sides).ratio
        held += ratio.low <= 1.1 <= ratio.high
    assert 0.93 <= held / 400 <= 0.98


def _with_median(one: Judged, median: float) -> Judged:
    queries = one.summary.queries
    changed = replace(queries, median=replace(queries.median, middle=median))
    return replace(one, summary=replace(one.summary, queries=changed))


@pytest.mark.parametrize(
    ("ratio", "limit", "fails"), [(1.2, 1.05, True), (1.2, 1.3, False), (1.03, 1.0, False), (0.5, 1.0, False)]
)
def test_a_limit_is_exceeded_where_the_difference_is_sure_and_above_it(
    ratio: float, limit: float, *, fails: bool
) -> None:
    assert compare([_one(0.002)], [_one(0.002 * ratio, seed=1)]).exceeds(limit) is fails


def test_an_interrupted_record_is_not_compared() -> None:
    done = measurement()
    stopped = judged(replace(done, stop=replace(done.stop, reason="interrupted")))
    for sides in (([stopped], [_one(0.002)]), ([_one(0.002)], [stopped])):
        with pytest.raises(InputError, match="is INVALID: interrupted"):
            compare(*sides)


@pytest.mark.parametrize(("first", "second"), [(1, 3), (2, 2), (3, 1)])
def test_too_few_runs_to_show_their_spread_are_refused(first: int, second: int) -> None:
    sides = [[_one(0.002, seed) for seed in range(count)] for count in (first, second)]
    with pytest.raises(InputError, match=f"{first} and {second} runs") as caught:
        compare(*sides)
    assert "3 of each" in caught.value.remedy


def test_runs_of_different_things_in_one_folder_are_refused() -> None:
    mixed: Sequence[Measurement] = [measurement(), measurement(threads_got=2, threads=2), measurement()]
    with pytest.raises(InputError, match="no runs of one thing, threads differs: 4 and 2"):
        compare([judged(one) for one in mixed], _runs(0.002, 0.01, 3, 0))
    other = replace(measurement(), task="text-classification")
    with pytest.raises(InputError, match="the task differs"):
        compare([_one(0.002)], [judged(other)])
