from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.results import Line, Point
from edge.tasks.ocr.layout import arrange
from tests.support.documents import box, line

HEIGHT = 20.0
PITCH = 24.0


def prose(name: str, count: int, left: float, top: float, width: float = 300.0) -> list[Line]:
    """A column of full lines; the last one is short."""
    lengths = [width] * (count - 1) + [width / 2]
    return [line(f"{name} {n}", left, top + n * PITCH, length, HEIGHT) for n, length in enumerate(lengths)]


def texts(lines: Sequence[Line]) -> list[str]:
    return [one.text for one in lines]


def shuffled(lines: Sequence[Line], seed: int) -> list[Line]:
    mixed = list(lines)
    random.Random(seed).shuffle(mixed)
    return mixed


def turned(lines: Sequence[Line], degrees: float, around: Point = (500.0, 700.0)) -> list[Line]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x0, y0 = around

    def moved(point: Point) -> Point:
        x, y = point[0] - x0, point[1] - y0
        return x0 + x * cos - y * sin, y0 + x * sin + y * cos

    return [
        Line(one.text, one.score, tuple(moved(corner) for corner in one.box), one.scores, one.places, one.vertical)  # type: ignore[arg-type] # four again
        for one in lines
    ]


TITLE = line("Title over both", 150, 10, 400, HEIGHT * 1.6)
TWO_COLUMNS = [TITLE, *prose("left", 9, 50, 80), *prose("right", 7, 370, 80)]
PAGE = [*TWO_COLUMNS, line("Across the foot of the page it goes", 50, 340, 620, HEIGHT)]
HEADLINE = [
    *prose("a", 5, 50, 80),
    *prose("b", 12, 370, 80),
    line("over the headline", 50, 340, 200, HEIGHT),
    line("The headline", 50, 370, 500, 2 * HEIGHT),
    *prose("below", 4, 50, 420, 620),
]
TABLE = [
    line(f"{row}{column}", 100 + 150 * column + 8 * (row % 2), 400 + 30 * row, 70, HEIGHT)
    for row in range(4)
    for column in range(4)
]


def test_no_line_is_no_paragraph() -> None:
    assert arrange([]) == ((), ())


@given(seed=st.integers(0, 999), degrees=st.sampled_from([0, 90, 180, 270]), slant=st.floats(-1, 1))
def test_columns_are_read_one_after_the_other(seed: int, degrees: int, slant: float) -> None:
    found, _ = arrange(turned(shuffled(PAGE, seed), degrees + slant))
    assert texts(found) == texts(PAGE)


@given(seed=st.integers(0, 999), lower=st.floats(0, PITCH), count=st.integers(2, 30), gap=st.floats(12, 200))
def test_columns_need_not_stand_on_the_same_lines(seed: int, lower: float, count: int, gap: float) -> None:
    columns = [*prose("a", 12, 50, 100), *prose("b", count, 350 + gap, 100 + lower)]
    found, _ = arrange(shuffled(columns, seed))
    assert texts(found) == texts(columns)


@pytest.mark.parametrize("count", [6, 20])
def test_narrow_columns_of_a_newspaper_are_no_table(count: int) -> None:
    columns = [one for number in range(4) for one in prose(f"{number}", count, 130 * number, 50, 100)]
    assert texts(arrange(shuffled(columns, 1))[0]) == texts(columns)
    short = [*columns, *prose("last", 3, 520, 50, 100)]
    assert texts(arrange(shuffled(short, 1))[0]) == texts(short)


@given(seed=st.integers(0, 999), columns=st.integers(1, 4), scale=st.floats(0.3, 8))
def test_size_does_not_matter(seed: int, columns: int, scale: float) -> None:
    every = [one for number in range(columns) for one in prose(f"{number}", 10, 330 * number, 50)]
    scaled = [
        Line(one.text, 1.0, tuple((x * scale, y * scale) for x, y in one.box))  # type: ignore[arg-type] # four again
        for one in every
    ]
    assert texts(arrange(shuffled(scaled, seed))[0]) == texts(every)


@given(seed=st.integers(0, 999), degrees=st.sampled_from([0, 90, 180, 270]), slant=st.floats(-1, 1))
def test_tables_are_read_row_by_row(seed: int, degrees: int, slant: float) -> None:
    found, paragraphs = arrange(turned(shuffled(TABLE, seed), degrees + slant))
    assert texts(found) == texts(TABLE)
    assert paragraphs == tuple(tuple(range(4 * row, 4 * row + 4)) for row in range(4))


def test_a_table_may_have_empty_cells_between_prose() -> None:
    cells = [one for number, one in enumerate(TABLE) if number not in (5, 11)]
    page = [*prose("before", 5, 100, 200, 520), *cells, *prose("after", 5, 100, 560, 520)]
    assert texts(arrange(shuffled(page, 3))[0]) == texts(page)


def test_what_alternates_between_two_sides_is_read_from_top_to_bottom() -> None:
    chat = [line(f"say {n}", 20 if n % 2 else 400, 20 + 40 * n, 200, HEIGHT) for n in range(8)]
    assert texts(arrange(shuffled(chat, 5))[0]) == texts(chat)


@given(seed=st.integers(0, 999), degrees=st.sampled_from([0, 90, 180, 270]))
def test_a_line_over_a_headline_is_read_with_it(seed: int, degrees: int) -> None:
    found, _ = arrange(turned(shuffled(HEADLINE, seed), degrees))
    assert texts(found) == texts(HEADLINE)


def test_words_far_apart_become_one_line() -> None:
    parts = [
        line("What Kids", 100, 10, 180, HEIGHT),
        line("Need Most", 294, 11, 180, HEIGHT),
        line("in a Dad", 488, 10, 160, HEIGHT),
    ]
    (found,), paragraphs = arrange(parts[::-1])
    assert found.text == "What Kids Need Most in a Dad"
    assert paragraphs == ((0,),)
    assert (found.box[0], found.box[2]) == ((100, 10), (648, 30))
    assert len(found.scores) == len(found.places) == len(found.text)
    assert list(found.places) == sorted(found.places)
    start = 100 + found.places[found.text.index("N")] * (648 - 100)
    assert start == pytest.approx(294 + 10, abs=1)


def test_scripts_without_spaces_are_joined_without() -> None:
    (found,), _ = arrange([line("大桶装", 100, 10, 90, HEIGHT), line("更划算", 200, 10, 90, HEIGHT)])
    assert found.text == "大桶装更划算"


def test_a_gutter_is_not_joined_over() -> None:
    narrow = [*prose("a", 6, 50, 100), *prose("b", 6, 362, 100)]
    assert len(arrange(narrow)[0]) == 12


def test_large_and_small_text_stay_apart() -> None:
    assert texts(arrange([line("5.8", 100, 10, 80, 50), line("each", 184, 30, 40, 24)])[0]) == ["5.8", "each"]


@given(seed=st.integers(0, 999), degrees=st.sampled_from([0, 90, 180, 270]), slant=st.floats(-1, 1))
def test_vertical_columns_are_read_from_the_right(seed: int, degrees: int, slant: float) -> None:
    columns = [line(f"列{n}", 500 - 30 * n, 50, 22, 400, vertical=True) for n in range(6)]
    found, paragraphs = arrange(turned(shuffled(columns, seed), degrees + slant))
    assert texts(found) == texts(columns)
    assert len(paragraphs) == 1


def test_vertical_text_beside_lines_stays_together() -> None:
    side = [line(f"侧{n}", 760 - 28 * n, 120, 22, 160, vertical=True) for n in range(3)]
    text = prose("text", 10, 50, 100, 560)
    found, paragraphs = arrange(shuffled([*side, *text], 7))
    assert texts(found) == [*texts(text), *texts(side)]
    assert len(paragraphs) == 2


def test_paragraphs_begin_with_an_indent_a_gap_or_another_size() -> None:
    lines = [
        line("A heading", 50, 20, 200, 40),
        line("first, indented", 80, 80, 270, HEIGHT),
        line("goes on", 50, 104, 300, HEIGHT),
        line("and on", 50, 128, 300, HEIGHT),
        line("second, indented", 80, 152, 270, HEIGHT),
        line("goes on, too", 50, 176, 300, HEIGHT),
        line("third after a gap", 50, 240, 300, HEIGHT),
    ]
    assert arrange(lines)[1] == ((0,), (1, 2, 3), (4, 5), (6,))


def test_a_short_line_ends_a_paragraph_of_full_ones() -> None:
    lines = [line(f"{n}", 50, 24 * n, 120 if n == 3 else 300, HEIGHT) for n in range(6)]
    assert arrange(lines)[1] == ((0, 1, 2, 3), (4, 5))


def test_centred_lines_are_one_paragraph() -> None:
    lines = [line(f"{n}", 200 - 40 * n % 90, 24 * n, 100 + 2 * (40 * n % 90), HEIGHT) for n in range(4)]
    assert arrange(lines)[1] == ((0, 1, 2, 3),)


any_lines = st.lists(
    st.builds(
        lambda text, x, y, width, height, degrees, vertical: Line(
            text, 0.5, box(x, y, width, height, degrees), (), (), vertical
        ),
        st.text("abc 字", max_size=6),
        *[st.floats(-100, 2000)] * 2,
        *[st.floats(0, 500)] * 2,
        st.floats(-180, 180),
        st.booleans(),
    ),
    max_size=25,
)


@given(lines=any_lines)
def test_nothing_is_lost_wherever_lines_are(lines: list[Line]) -> None:
    found, paragraphs = arrange(lines)
    assert sorted("".join(texts(found)).replace(" ", "")) == sorted("".join(texts(lines)).replace(" ", ""))
    assert [number for paragraph in paragraphs for number in paragraph] == list(range(len(found)))
    assert all(paragraphs)


@given(lines=any_lines, seed=st.integers(0, 99))
def test_the_order_in_which_lines_were_found_does_not_matter(lines: list[Line], seed: int) -> None:
    distinct = list({one.box: one for one in lines}.values())
    assert sorted(texts(arrange(distinct)[0])) == sorted(texts(arrange(shuffled(distinct, seed))[0]))
