from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import InputError
from edge.formats import FORMATS, format_named, rendered
from edge.results import Line, Page
from tests.support.documents import box, line, page, reading
from tests.support.schemas import check_alto, check_hocr

TWO = [
    Page(400, 300, 0, (line("First line", 10, 10, 200, 20), line("ends here", 10, 32, 180, 20)), ((0, 1),)),
    Page(
        300, 400, 90, (Line("turned", 0.8, box(250, 20, 120, 24, 90)), line("竖排", 40, 40, 20, 60, vertical=True)), ()
    ),
]

any_line = st.builds(
    lambda text, left, top, width, height, degrees, vertical: Line(
        text, 0.5, box(left, top, width, height, degrees), (0.25,) * len(text), (), vertical
    ),
    st.text(max_size=12),
    *[st.floats(-50, 500)] * 2,
    *[st.floats(0, 400)] * 2,
    st.floats(-180, 180),
    st.booleans(),
)
any_pages = st.lists(
    st.builds(page, st.integers(1, 400), st.integers(1, 400), st.lists(any_line, max_size=4)), max_size=3
)


def test_a_miss_lists_what_there_is() -> None:
    with pytest.raises(InputError, match="docx") as caught:
        format_named("docx")
    assert all(name in caught.value.remedy for name in FORMATS)


def test_no_two_formats_share_a_suffix() -> None:
    assert len({form.suffix for form in FORMATS.values()}) == len(FORMATS)


def test_text_is_lines_in_order() -> None:
    assert rendered(FORMATS["text"], reading(TWO)).decode() == "First line\nends here\n\nturned\n竖排\n"


def test_json_is_the_document() -> None:
    said = json.loads(rendered(FORMATS["json"], reading(TWO)))
    assert said["input"] == "scan.png"
    assert said["pages"][0] == json.loads(json.dumps(TWO[0].to_json()))
    assert "timings" not in said


def test_json_takes_any_text() -> None:
    said = rendered(FORMATS["json"], reading([page(9, 9, [line('"\ud800\n', 0, 0, 9, 9)])]))
    assert json.loads(said)["pages"][0]["lines"][0]["text"] == '"\ud800\n'
    assert said.count(b"\n") == 1


def test_a_table_has_a_row_for_every_level() -> None:
    head, *rows = [row.split("\t") for row in rendered(FORMATS["tsv"], reading(TWO)).decode().splitlines()]
    assert all(len(row) == len(head) for row in rows)
    words = [dict(zip(head, row, strict=True)) for row in rows if row[0] == "5"]
    assert [word["text"] for word in words] == ["First", "line", "ends", "here", "turned", "竖排"]
    assert [words[1][name] for name in ("page_num", "block_num", "line_num", "word_num")] == ["1", "1", "1", "2"]
    assert [words[1][name] for name in ("left", "top", "width", "height", "conf")] == ["130", "10", "80", "20", "92.50"]
    assert [row[0] for row in rows].count("4") == 4


def test_hocr_says_where_everything_is() -> None:
    found = check_hocr(rendered(FORMATS["hocr"], reading(TWO, name='a "b"; c.png')))
    assert [text for kind, _, text in found if kind == "ocrx_word"] == [
        "First",
        "line",
        "ends",
        "here",
        "turned",
        "竖排",
    ]
    pages = [properties for kind, properties, _ in found if kind == "ocr_page"]
    assert pages[1] == {"image": '"a \\"b\\"; c.png"', "bbox": "0 0 300 400", "ppageno": "1"}
    turned = next(properties for kind, properties, text in found if kind == "ocr_line" and text == "turned")
    assert turned["textangle"] == "-90.0"
    assert turned["bbox"] == "226 20 250 140"


def test_alto_says_where_everything_is() -> None:
    tree = check_alto(rendered(FORMATS["alto"], reading(TWO)))
    strings = list(tree.iter("{*}String"))
    assert [one.get("CONTENT") for one in strings] == ["First", "line", "ends", "here", "turned", "竖排"]
    assert [strings[1].get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")] == ["130", "10", "80", "20"]
    assert [one.get("ROTATION") for one in tree.iter("{*}Page")] == [None, "270"]
    assert [one.get("BASEDIRECTION") for one in tree.iter("{*}TextLine")] == [None, None, None, "ttb"]


@given(pages=any_pages.filter(bool), name=st.text(max_size=20))
def test_whatever_was_read_is_valid(pages: list[Page], name: str) -> None:
    one = reading(pages, name)
    check_hocr(rendered(FORMATS["hocr"], one))
    check_alto(rendered(FORMATS["alto"], one))
    rows = rendered(FORMATS["tsv"], one).decode().split("\n")
    assert {row.count("\t") for row in rows[:-1]} == {11}
