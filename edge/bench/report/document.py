"""The frame of a page: one file that asks for nothing else, from the network or from the disk."""

from __future__ import annotations

from importlib import resources

from edge.bench.report.markup import Markup, join, tag

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may load for the page: its own styles, and no script even if one had slipped in."""


def document(title: str, *body: Markup) -> str:
    """The whole HTML document."""
    style = resources.files("edge.bench.report").joinpath("page.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="icon", href="data:,"),
        tag("title", title),
        tag("style", Markup(style)),
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', join(*body)), lang='en')}\n"
