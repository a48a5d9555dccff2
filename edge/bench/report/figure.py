"""A chart on the page: its title, what it says in words, a drawing for each width, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edge.bench.report.markup import Markup, tag

WIDE = 720.0
NARROW = 358.0
"""Pixels of both drawings: a desk's page, and a phone of 390 without its margins. A style sheet shows one of them."""


@dataclass(frozen=True)
class Figure:
    """`says` is the sentence below the chart; `draw` takes a width in pixels, and what a screen reader says of it."""

    title: str
    says: str
    draw: Callable[[float, str], Markup]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()

    def markup(self, level: int = 3) -> Markup:
        """The HTML of it, its title a heading of that level."""
        says = f"{self.title}. {self.says}"
        numbers = [tag("details", tag("summary", "Numbers"), table(self.head, self.rows))] if self.rows else []
        return tag(
            "figure",
            tag(f"h{level}", self.title, class_="heading"),
            tag("div", self.draw(WIDE, says), class_="wide"),
            tag("div", self.draw(NARROW, says), class_="narrow"),
            tag("figcaption", self.says),
            *numbers,
        )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> Markup:
    """A table whose first column names the rows; one with a head scrolls by itself where a phone is narrower."""
    cells = [
        tag("tr", *(tag("th", cell, scope="row") if n == 0 else tag("td", cell) for n, cell in enumerate(row)))
        for row in rows
    ]
    above = [tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in head)))] if head else []
    title = [tag("caption", caption)] if caption else []
    body = tag("table", *title, *above, tag("tbody", *cells), class_="figures" if head else "facts")
    if not head:
        return body
    return tag("div", body, class_="scroll", tabindex="0", role="region", aria_label=caption or ", ".join(head))
