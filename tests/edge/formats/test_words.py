from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.formats.words import part, plain, upright, words
from edge.results import Line
from tests.support.documents import box, line, page


def test_words_stand_where_their_characters_do() -> None:
    found = words(line("ab cde", 100, 10, 60, 20))
    assert [word.text for word in found] == ["ab", "cde"]
    assert [round(word.box[0][0]) for word in found] == [100, 130]
    assert [round(word.box[1][0]) for word in found] == [120, 160]
    assert found[1].score == pytest.approx((0.97 + 0.96 + 0.95) / 3)


def test_vertical_words_go_down() -> None:
    first, second = words(line("竖排 字", 10, 100, 20, 40, vertical=True))
    assert [tuple(map(round, corner)) for corner in first.box] == [(10, 100), (30, 100), (30, 120), (10, 120)]
    assert [tuple(map(round, corner)) for corner in second.box] == [(10, 130), (30, 130), (30, 140), (10, 140)]


def test_a_turned_line_has_turned_words() -> None:
    turned = Line("ab", 1.0, box(100, 100, 40, 10, degrees=90), (), (0.25, 0.75))
    (first,) = words(turned)
    assert [tuple(map(round, corner)) for corner in first.box] == [(100, 100), (100, 140), (90, 140), (90, 100)]


def test_without_places_characters_are_equally_wide() -> None:
    found = words(Line("a b", 0.5, box(0, 0, 30, 10)))
    assert [(round(word.box[0][0]), round(word.box[1][0])) for word in found] == [(0, 10), (20, 30)]
    assert [(word.score, word.scores) for word in found] == [(0.5, ())] * 2


@given(
    text=st.text(max_size=30),
    places=st.lists(st.floats(0, 1), max_size=30),
    vertical=st.booleans(),
    degrees=st.floats(-180, 180),
)
def test_words_are_the_text_without_its_spaces(text: str, places: list[float], vertical: bool, degrees: float) -> None:
    one = Line(text, 0.5, box(50, 50, 80, 20, degrees), (), tuple(sorted(places)), vertical)
    found = words(one)
    assert [word.text for word in found] == [plain(part) for part in text.split()]
    borders = [border for word in found for border in (word.start, word.end)]
    assert borders == sorted(borders)
    assert all(0 <= border <= 1 for border in borders)
    assert list(one.edges) == sorted(one.edges)
    assert len(list(one.edges)) == len(text) + 1


def test_the_whole_of_a_line_is_its_box() -> None:
    for vertical in (False, True):
        one = line("abc", 3, 4, 50, 60, vertical=vertical)
        assert part(one, 0, 1) == one.box


def test_upright_boxes_stay_on_the_page() -> None:
    assert upright([(-5, 3.2), (120, 9.1)], page(100, 50, [])) == (0, 3, 100, 10)


def test_plain_text_keeps_what_is_text() -> None:
    assert plain("a\u3000b\u00a0c \u200d क् 𠀀 \ue000") == "a\u3000b\u00a0c \u200d क् 𠀀 \ue000"
    assert plain("\x00\x1b[31m\n\t\ud800\ufffe\u2028") == "\ufffd\ufffd[31m" + "\ufffd" * 5
