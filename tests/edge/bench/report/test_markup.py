from __future__ import annotations

import html
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from edge.bench.report.markup import Markup, join, number, tag


class Parsed(HTMLParser):
    """What a parser makes of markup: elements with attributes, and text."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(said)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


printable = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")))


@given(text=printable, value=printable)
def test_text_and_attributes_stay_what_they_are(text: str, value: str) -> None:
    parsed = Parsed(tag("p", text, title=value))
    assert parsed.tags == [("p", {"title": value})]
    assert parsed.text == text


def test_markup_is_kept_and_everything_else_is_escaped() -> None:
    said = tag("p", "<script>alert(1)</script>", tag("b", "&"))
    assert said == "<p>&lt;script&gt;alert(1)&lt;/script&gt;<b>&amp;</b></p>"
    assert isinstance(said, Markup)
    assert join("a<", tag("br")) == "a&lt;<br>"


def test_what_would_steer_a_reader_is_replaced() -> None:
    for letter in "\x1b\x00\u202e\u200f\u2028\ud800":
        said = tag("p", f"a{letter}b", title=letter)
        assert html.unescape(said) == '<p title="\N{REPLACEMENT CHARACTER}">a\N{REPLACEMENT CHARACTER}b</p>'


def test_names_of_attributes_and_numbers_are_short() -> None:
    assert tag("rect", class_="bar", stroke_width=2.0, x=1.2345, y=None) == (
        '<rect class="bar" stroke-width="2" x="1.2"></rect>'
    )
    assert [number(value) for value in (0, 10.0, -0.25)] == ["0", "10", "-0.2"]
