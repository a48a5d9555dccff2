from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageFont

from edge.formats import FORMATS, Reading, glyphless, rendered
from edge.preprocess.images import Picture
from edge.preprocess.pages import pages
from edge.results import Line, Page
from tests.support.documents import CHINESE, box, drawn, line, page, reading


def found_words(path: Path) -> list[tuple[str, list[float], tuple[float, float]]]:
    """What pdftotext finds: words with left, top, right and bottom, and the size of their page, in points."""
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    assert not done.stderr
    found = []
    for one in etree.fromstring(done.stdout, etree.HTMLParser(encoding="utf-8")).iter("page"):
        size = float(one.get("width")), float(one.get("height"))
        found += [
            (word.text, [float(word.get(name)) for name in ("xmin", "ymin", "xmax", "ymax")], size)
            for word in one.iter("word")
        ]
    return found


def text_of(path: Path) -> str:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True).stdout


@pytest.fixture
def drawing() -> tuple[Image.Image, Page]:
    image = Image.new("RGB", (1000, 600), "white")
    lines = [
        drawn(image, "Willows illuminate WWW", 60, 50, 36),
        drawn(image, "小学数学 第八册", 60, 150, 40, CHINESE),
        drawn(image, "beyond the plane: 😀", 60, 250, 30),
    ]
    return image, page(1000, 600, lines)


def test_words_are_found_where_they_are_drawn(tmp_path: Path, drawing: tuple[Image.Image, Page]) -> None:
    image, one = drawing
    (tmp_path / "a.pdf").write_bytes(rendered(FORMATS["pdf"], reading([one], images=[image])))
    found = found_words(tmp_path / "a.pdf")
    face = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 36)
    scale = 842 / 1000
    by_text = {text: box for text, box, _ in found}
    assert set(by_text) == {"Willows", "illuminate", "WWW", "小学数学", "第八册", "beyond", "the", "plane:", "😀"}
    for word, before in (("Willows", ""), ("illuminate", "Willows "), ("WWW", "Willows illuminate ")):
        left = (60 + face.getlength(before)) * scale
        # A reader tells where the middle of a W is, but not where it ends.
        assert by_text[word][0] == pytest.approx(left, abs=6)
        assert by_text[word][2] == pytest.approx(left + face.getlength(word) * scale, abs=6)
        assert by_text[word][1] == pytest.approx(50 * scale, abs=1)
        assert by_text[word][3] == pytest.approx((50 + 36 * 1.2) * scale, abs=1)


def test_pages_look_like_their_pictures(drawing: tuple[Image.Image, Page]) -> None:
    image, one = drawing
    colour = Image.effect_noise((300, 200), 40).convert("RGB")
    made = rendered(
        FORMATS["pdf"], reading([one, page(300, 200, [])], images=[image.convert("1").convert("RGB"), colour])
    )
    assert b"DCTDecode" in made
    first, second = pages(made)
    small = np.asarray(image.resize((100, 60)).convert("L")).astype(int)
    assert np.abs(np.asarray(first.image.resize((100, 60)).convert("L")) - small).mean() < 3
    assert (
        np.abs(np.asarray(second.image.resize((30, 20))).astype(int) - np.asarray(colour.resize((30, 20)))).mean() < 6
    )


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_black_and_white_keeps_every_pixel_and_grey_stays_grey(mode: str) -> None:
    import pypdfium2

    noise = Image.effect_noise((200, 100), 90)
    image = noise.convert("1").convert("L") if mode == "1" else noise.convert(mode)
    made = rendered(FORMATS["pdf"], reading([page(200, 100, [])], images=[image]))
    assert (b"BitsPerComponent 1" in made, b"DeviceGray" in made) == (mode == "1", mode != "RGB")
    (picture,) = pypdfium2.PdfDocument(made)[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    found = np.asarray(picture.get_bitmap().to_pil().convert("L")).astype(int)
    assert np.abs(found - np.asarray(image.convert("L"))).mean() <= (0 if mode == "1" else 12)


def test_the_text_cannot_be_seen() -> None:
    made = rendered(FORMATS["pdf"], reading([page(400, 200, [line("Unseen", 10, 10, 300, 100)])]))
    (one,) = pages(made)
    assert one.image.getcolors() == [(one.width * one.height, (255, 255, 255))]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_turned_pages_are_shown_upright(tmp_path: Path, turned: int) -> None:
    """The text is at (100, 50) of the page as it is meant to be read, whichever way its picture is turned."""
    image = Image.new("RGB", (800, 600), "white")
    straight = drawn(image, "Upright again", 100, 50, 36)
    corners = {
        0: lambda x, y: (x, y),
        90: lambda x, y: (600 - y, x),
        180: lambda x, y: (800 - x, 600 - y),
        270: lambda x, y: (y, 800 - x),
    }
    first, second, third, fourth = (corners[turned](x, y) for x, y in straight.box)
    moved = Line(straight.text, 0.9, (first, second, third, fourth), straight.scores, straight.places)
    picture = image.rotate(-turned, expand=True)
    made = rendered(FORMATS["pdf"], reading([page(*picture.size, [moved], turned)], images=[picture]))
    (tmp_path / "a.pdf").write_bytes(made)
    assert text_of(tmp_path / "a.pdf").split() == ["Upright", "again"]
    (_, (left, top, _, bottom), _), _ = found_words(tmp_path / "a.pdf")
    assert (left, top, bottom) == pytest.approx((100, 50, 50 + 36 * 1.2), abs=3)
    (shown,) = pages(made)
    assert (shown.width, shown.height) == (2223, 1667)
    assert shown.array()[:600, :1600].min() < 50


def test_vertical_text_stays_in_one_piece(tmp_path: Path) -> None:
    one = page(300, 800, [line("竖排文字", 100, 100, 40, 240, vertical=True)])
    (tmp_path / "a.pdf").write_bytes(rendered(FORMATS["pdf"], reading([one])))
    ((text, place, _),) = found_words(tmp_path / "a.pdf")
    assert text == "竖排文字"
    assert place == pytest.approx([100, 100, 140, 340], abs=2)


def test_a_scan_keeps_its_size(tmp_path: Path) -> None:
    one = page(600, 300, [line("Size", 0, 0, 100, 20)])
    scan = Reading("a.tif", reading([one]).document, lambda: iter([Picture(Image.new("RGB", (600, 300)), 300.0)]))
    (tmp_path / "a.pdf").write_bytes(rendered(FORMATS["pdf"], scan))
    assert found_words(tmp_path / "a.pdf")[0][2] == (144, 72)


def test_other_programs_read_it_too(drawing: tuple[Image.Image, Page]) -> None:
    import pypdfium2

    image, one = drawing
    sideways = page(200, 400, [Line("turned by ninety", 0.9, box(150, 40, 300, 30, 90))], 90)
    document = pypdfium2.PdfDocument(
        rendered(FORMATS["pdf"], reading([one, sideways], images=[image, Image.new("RGB", (200, 400))]))
    )
    said = [each.get_textpage().get_text_bounded().split("\r\n") for each in document]
    assert said == [["Willows illuminate WWW", "小学数学 第八册", "beyond the plane: 😀"], ["turned by ninety"]]


def test_more_characters_than_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphless, "MOST_CODES", 3)
    font = glyphless.Glyphless()
    assert font.encoded("aab", [0.5, 0.9, 1.4]) == b"000100020003"
    assert font.encoded("bac", [0.9, 1.8, 2.0]) == b"000300020003"


@settings(max_examples=25)
@given(texts=st.lists(st.text(max_size=20), max_size=4), degrees=st.floats(-180, 180), height=st.floats(0, 60))
def test_whatever_was_read_makes_a_sound_file(texts: list[str], degrees: float, height: float) -> None:
    import pypdfium2

    lines = [Line(text, 0.5, box(100, 20 * number, 150, height, degrees)) for number, text in enumerate(texts)]
    document = pypdfium2.PdfDocument(rendered(FORMATS["pdf"], reading([page(300, 200, lines)])))
    assert len(document) == 1
    assert document[0].get_textpage().count_chars() >= 0
