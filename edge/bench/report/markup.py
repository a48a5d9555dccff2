"""HTML and SVG elements as text. Whatever is not markup already is escaped: records hold names that others chose."""

from __future__ import annotations

import html
import unicodedata

VOID = frozenset({"br", "col", "link", "meta"})
"""Elements of HTML that have no end tag."""

HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode's categories of what cannot be seen, but may steer a terminal or turn the direction of reading."""


class Markup(str):
    """Text that needs no escaping, because `tag` made it."""

    __slots__ = ()


Attribute = str | float | None
"""None leaves an attribute out; numbers are rounded to a tenth, which is finer than a pixel."""


def tag(name: str, /, *children: str, **attributes: Attribute) -> Markup:
    """An element; `class_` and `for_` lose their underscore, `aria_label` becomes `aria-label`."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """The children behind one another, those that are plain text escaped."""
    return Markup("".join(child if isinstance(child, Markup) else html.escape(visible(child)) for child in children))


def visible(text: str) -> str:
    """The text with every character replaced that cannot be seen."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in HIDDEN else letter for letter in text)


def number(value: float) -> str:
    """A coordinate, as short as it can be written: `12`, `12.3`."""
    return f"{value:.1f}".removesuffix(".0")


def _value(value: str | float) -> str:
    return number(value) if isinstance(value, int | float) else visible(value)
