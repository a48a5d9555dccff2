from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.tasks.ocr.ctc import Decoder, Reading
from edge.tasks.ocr.steps import joined, likeliest

CHARACTERS = ("", "a", "b", "汉", "नि")
STEP = 8


def probabilities(classes: list[int]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Step n is sure of `classes[n]` by 0.5 + n / 1000."""
    rows = np.zeros((len(classes), len(CHARACTERS)), np.float32)
    rows[np.arange(len(classes)), classes] = 0.5 + np.arange(len(classes)) / 1000
    return rows


def reading(classes: list[int]) -> Reading:
    width = STEP * len(classes)
    return Decoder(CHARACTERS, blank=0)(likeliest(probabilities(classes), width), width)


def test_runs_are_one_character_and_a_blank_parts_equal_ones() -> None:
    assert reading([0, 1, 1, 0, 1, 2, 2, 3, 0]).text == "aab汉"


def test_each_character_has_the_score_of_its_surest_step_and_its_centre() -> None:
    found = reading([0, 1, 1, 1, 0, 2, 0, 0])
    assert found.scores == pytest.approx((0.503, 0.505))
    assert found.places == pytest.approx((2.5 / 8, 5.5 / 8))
    assert found.score == pytest.approx(0.504)


def test_a_class_of_two_code_points_gives_each_its_score_and_place() -> None:
    found = reading([4, 0])
    assert len(found.text) == len(found.scores) == len(found.places) == 2


def test_nothing_read_is_an_empty_text_with_the_score_0() -> None:
    assert reading([0, 0, 0]) == reading([]) == Reading("", 0.0, (), ())


@given(st.lists(st.integers(0, 4), max_size=60))
def test_it_is_the_definition_of_greedy_ctc(classes: list[int]) -> None:
    found = reading(classes)
    assert found.text == "".join(CHARACTERS[one] for one, _ in itertools.groupby(classes))
    assert len(found.scores) == len(found.places) == len(found.text)
    assert list(found.places) == sorted(found.places)


@given(st.lists(st.integers(0, 3), min_size=24, max_size=60), st.integers(6, 18), st.integers(2, 6))
def test_parts_of_a_line_join_to_what_the_whole_line_says(classes: list[int], end: int, overlap: int) -> None:
    whole = likeliest(probabilities(classes), STEP * len(classes))
    rows = probabilities(classes)
    first = likeliest(rows[:end], STEP * end)
    second = likeliest(rows[end - overlap :], STEP * (len(classes) - end + overlap), STEP * (end - overlap))
    line = joined([first, second], blank=0)
    assert line.classes.tolist() == whole.classes.tolist()
    assert line.centres.tolist() == whole.centres.tolist()


def test_the_change_over_is_in_a_gap_where_parts_differ_at_their_edges() -> None:
    """Each part misreads the character that its edge cuts."""
    first = likeliest(probabilities([1, 0, 2, 0, 3, 0, 1, 2]), STEP * 8)
    second = likeliest(probabilities([2, 3, 0, 1, 0, 2, 0, 2]), STEP * 8, STEP * 3)
    width = STEP * 11
    # Steps 3 to 7 are in both; 5 is a blank of the first in the middle.
    assert Decoder(CHARACTERS, blank=0)(joined([first, second], 0), width).text == "ab汉abb"


SPACED = ("", "a", "b", "汉", " ")


def faintly_spaced(classes: list[int], space: dict[int, float], least: float = 0.03) -> Reading:
    """The reading where steps say space with these probabilities beside their own class."""
    rows = np.zeros((len(classes), len(SPACED)), np.float32)
    rows[np.arange(len(classes)), classes] = 0.9
    for step, probability in space.items():
        rows[step, 4] = probability
    decoder = Decoder(SPACED, blank=0, faint_space=least)
    width = STEP * len(classes)
    return decoder(likeliest(rows, width, space=decoder.space), width)


def test_a_faint_space_between_letters_is_one() -> None:
    found = faintly_spaced([1, 0, 2, 2, 0, 0, 1], {1: 0.02, 5: 0.04})
    assert found.text == "ab a"
    assert len(found.scores) == len(found.places) == 4
    assert found.places[1] < found.places[2] < found.places[3]
    assert found.score == pytest.approx(0.9)
    assert faintly_spaced([1, 0, 2, 2, 0, 0, 1], {5: 0.04}, least=1.0).text == "aba"


@pytest.mark.parametrize("classes", [[3, 0, 1], [1, 0, 3], [1, 4, 1], [1, 0, 0]])
def test_it_is_none_beside_characters_without_spaces_or_a_space_or_nothing(classes: list[int]) -> None:
    assert faintly_spaced(classes, {1: 0.5}).text == "".join(SPACED[one] for one in classes).strip()


def test_spaces_at_the_ends_of_a_line_are_left_out() -> None:
    found = faintly_spaced([4, 0, 1, 4, 2, 4], {})
    assert found.text == "a b"
    assert len(found.scores) == len(found.places) == 3
    assert faintly_spaced([4, 0, 4], {}) == Reading("", 0.0, (), ())
