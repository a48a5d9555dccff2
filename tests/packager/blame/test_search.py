from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from packager.blame.search import first_wrong

COUNTS = st.integers(1, 500)
AT_ONCE = st.integers(1, 40)


@given(COUNTS, AT_ONCE, st.data())
def test_the_first_wrong_place_is_found_in_few_calls(count: int, at_once: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, count - 1))
    calls: list[Sequence[int]] = []

    def are_right(places: Sequence[int]) -> list[bool]:
        calls.append(places)
        assert list(places) == sorted(set(places))
        assert 0 < len(places) <= at_once
        return [place < first for place in places]

    assert first_wrong(count, are_right, at_once=at_once) == first
    assert len(calls) <= math.ceil(math.log(count, at_once + 1) + 1e-9) + 1


@given(COUNTS, AT_ONCE, st.data())
def test_where_errors_come_and_go_a_place_is_found_where_they_come(
    count: int, at_once: int, data: st.DataObject
) -> None:
    right = [*data.draw(st.lists(st.booleans(), min_size=count - 1, max_size=count - 1)), False]
    found = first_wrong(count, lambda places: [right[place] for place in places], at_once=at_once)
    assert not right[found]
    assert found == 0 or right[found - 1]
