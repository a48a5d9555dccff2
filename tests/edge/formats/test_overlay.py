from __future__ import annotations

import io
import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from edge.errors import InputError
from edge.formats import FORMATS, Reading, rendered
from edge.formats.fonts import Fonts
from edge.results import Line, Page
from tests.support.documents import LATIN, box, line, page, reading


def drawn(one: Reading) -> Image.Image:
    image = Image.open(io.BytesIO(rendered(FORMATS["overlay"], one)))
    image.load()
    return image


def ink(image: Image.Image, area: tuple[int, int, int, int]) -> float:
    """The share of dark pixels."""
    return float((np.asarray(image.convert("L").crop(area)) < 100).mean())


def test_text_is_drawn_beside_the_page_in_its_place() -> None:
    lines = [line("Hello", 40, 40, 200, 40), line("小学数学", 40, 120, 200, 40)]
    image = drawn(reading([page(400, 200, lines)]))
    assert image.size == (800, 200)
    for top in (40, 120):
        assert 0.05 < ink(image, (440, top, 640, top + 40)) < 0.6
    assert ink(image, (660, 0, 800, 200)) == 0
    assert ink(image, (420, 84, 800, 116)) == 0


def test_frames_tell_how_sure_the_reader_was() -> None:
    scores = (0.95, 0.8, 0.3)
    lines = [Line("", score, box(40, 40 + 50 * number, 200, 40)) for number, score in enumerate(scores)]
    image = np.asarray(drawn(reading([page(400, 200, lines)])).convert("RGB"))
    seen = [tuple(int(value) for value in image[60 + 50 * number, 40]) for number in range(3)]
    assert [colour.index(max(colour)) for colour in seen] == [1, 0, 0]
    assert len(set(seen)) == 3


def test_small_pages_are_shown_larger_and_large_ones_smaller() -> None:
    assert drawn(reading([page(60, 12, [line("tiny", 0, 0, 60, 10)])])).size == (336, 34)
    wide, high = drawn(reading([page(6000, 4000, [line("large", 0, 0, 900, 100)])])).size
    assert wide * high / 2 <= 3_001_000


def test_pages_stand_below_one_another() -> None:
    assert drawn(reading([page(400, 200, []), page(300, 100, [])])).size == (800, 300)


def test_chinese_is_drawn_with_a_font_that_has_it() -> None:
    first, second = Fonts().runs("a字", 20)
    assert (first[0], second[0]) == ("a", "字")
    assert first[1].getname() != second[1].getname()


def test_a_given_font_comes_first() -> None:
    ((_, chosen),) = Fonts([LATIN.with_name("DejaVuSansMono.ttf")]).runs("a", 20)
    assert chosen.getname()[0] == "DejaVu Sans Mono"
    with pytest.raises(InputError, match="no font"):
        Fonts([Path(__file__)])


def test_without_fonts_there_still_are_latin_letters() -> None:
    (latin, chinese) = Fonts(folders=()).runs("a字", 20)
    assert latin[1] is not None
    assert chinese[1] is None


def test_what_no_font_has_is_said_and_framed(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.formats.overlay.Fonts", lambda given: Fonts(given, folders=()))
    with caplog.at_level(logging.WARNING):
        image = drawn(reading([page(400, 100, [line("字字", 40, 20, 100, 50)])]))
    assert "no font here has glyphs for 字; give one with --font" in caplog.text
    assert ink(image, (440, 20, 540, 70)) > 0.01
    caplog.clear()
    drawn(
        Reading("a", reading([page(9, 9, [])]).document, lambda: iter(reading([page(9, 9, [])]).pictures()), (LATIN,))
    )
    assert not caplog.text


def test_vertical_and_turned_text_stay_in_their_frames() -> None:
    lines = [
        line("竖排文字", 40, 20, 40, 160, vertical=True),
        Line("upwards", 0.9, box(200, 180, 160, 40, -90)),
    ]
    image = drawn(reading([page(400, 200, lines)]))
    assert ink(image, (440, 20, 480, 180)) > 0.05
    assert ink(image, (600, 20, 640, 180)) > 0.05
    assert ink(image, (484, 0, 596, 200)) == 0


@settings(max_examples=25)
@given(
    lines=st.lists(
        st.builds(
            lambda text, x, y, width, height, degrees, vertical: Line(
                text, 0.5, box(x, y, width, height, degrees), vertical=vertical
            ),
            st.text("ab字\u0000 ", max_size=5),
            *[st.floats(-100, 300)] * 2,
            *[st.floats(0, 200)] * 2,
            st.floats(-180, 180),
            st.booleans(),
        ),
        max_size=4,
    )
)
def test_any_line_can_be_drawn(lines: list[Line]) -> None:
    assert drawn(reading([Page(200, 100, 0, tuple(lines), ())])).width % 2 == 0
