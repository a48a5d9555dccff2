"""Greedy mixed precision: as few blocks in float as hold the budget, found with few questions."""

from collections.abc import Collection

import pytest

from packager.quantise.improve.mixed import mixed
from packager.quantise.improve.sensitivity import Sensitivity

FOUND = tuple(Sensitivity((f"conv{number}", f"relu{number}"), 1 / (number + 1)) for number in range(24))


@pytest.mark.parametrize("needed", range(13))
def test_the_fewest_worst_blocks_stay_in_float(needed: int) -> None:
    asked = []

    def holds(floats: Collection[str]) -> bool:
        asked.append(floats)
        return all(f"conv{number}" in floats for number in range(needed))

    floats = mixed(FOUND, ("ctc",), holds)
    assert floats == tuple(sorted(["ctc", *(name for one in FOUND[:needed] for name in one.nodes)]))
    assert len(asked) <= 9


def test_where_more_than_half_would_stay_there_is_nothing_to_gain() -> None:
    assert mixed(FOUND, (), lambda floats: "conv12" in floats) is None


def test_a_network_without_blocks_is_judged_as_it_is() -> None:
    assert mixed((), ("a",), lambda _: True) == ("a",)
    assert mixed((), (), lambda _: False) is None
