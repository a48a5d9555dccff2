from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.accuracy.texts import edit_distance, plain_text

short = st.text(st.sampled_from("abc字"), max_size=12)


def by_definition(one: str, other: str) -> int:
    """The recursion of the definition."""

    @cache
    def distance(left: int, right: int) -> int:
        if not left or not right:
            return left + right
        replaced = distance(left - 1, right - 1) + (one[left - 1] != other[right - 1])
        return min(replaced, distance(left - 1, right) + 1, distance(left, right - 1) + 1)

    return distance(len(one), len(other))


@given(one=short, other=short)
def test_the_distance_is_that_of_the_definition(one: str, other: str) -> None:
    assert edit_distance(one, other) == by_definition(one, other)


@given(one=st.text(max_size=60), other=st.text(max_size=60), third=st.text(max_size=60))
def test_the_distance_is_a_metric(one: str, other: str, third: str) -> None:
    assert (edit_distance(one, other) == 0) == (one == other)
    assert edit_distance(one, other) == edit_distance(other, one)
    assert edit_distance(one, third) <= edit_distance(one, other) + edit_distance(other, third)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("  two\n words\t here ", "two words here"),
        ("“it’s” — fine", '"it\'s" - fine'),
        ("\uff26\uff55\uff4c\uff4c width", "Full width"),
        ("中 文\n字 and latin", "中文字and latin"),
        ("한국어 글", "한국어글"),
        ("5\u2034", "5'''"),  # becomes three primes first
        ("", ""),
    ],
)
def test_what_counts_of_a_text(said: str, plain: str) -> None:
    assert plain_text(said) == plain


@given(text=st.text())
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)
