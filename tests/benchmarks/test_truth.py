"""How readings are scored against what a page says."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ocr.truth import Truth, score, total

LINES = st.lists(st.text("ab ", min_size=1, max_size=5).filter(str.strip), min_size=1, max_size=5)


def page(*lines: str) -> Truth:
    return Truth(Path("page.png"), lines, "en", frozenset(), 1)


@given(LINES, st.randoms())
def test_lines_in_another_order_are_exact_and_cost_edits_in_their_order_alone(lines: list[str], chance: Random) -> None:
    turned = list(lines)
    chance.shuffle(turned)
    found = score(turned, page(*lines))
    assert (found.unordered, found.exact) == (0, len(lines))
    assert (found.edits == 0) >= (turned == lines)


@given(LINES, LINES)
def test_no_more_than_every_character_can_be_wrong_in_any_order(read: list[str], wanted: list[str]) -> None:
    found = score(read, page(*wanted))
    assert found.unordered <= sum(map(len, read)) + sum(map(len, wanted))
    assert found.exact <= len(wanted)
    assert (found.unordered == 0) == (found.exact == len(wanted) == len(read))


def test_a_line_that_lacks_its_end_costs_that_end() -> None:
    found = score(["one", "tw"], page("one", "two"))
    assert (found.edits, found.unordered, found.exact, found.lines) == (1, 1, 1, 2)


def test_what_was_read_beside_the_text_counts() -> None:
    assert score(["one", "xyz"], page("one")).unordered == 3


def test_rates_are_over_all_characters() -> None:
    scores = {"a": score(["ab"], page("ab")), "b": score([], page("abcdef"))}
    found = total(scores, ["a", "b"])
    assert (found.cer, found.unordered, found.exact_lines, found.exact_pages) == (0.75, 0.75, 1, 1)
