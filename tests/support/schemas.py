"""Checks of marked-up text: ALTO against its grammar, hOCR against the rules of its specification (1.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

ALTO = Path(__file__).resolve().parents[1] / "fixtures/schemas/alto.rng"
HTML = "{http://www.w3.org/1999/xhtml}"
INSIDE: Mapping[str, set[str | None]] = {
    "ocr_page": {None},
    "ocr_par": {"ocr_page"},
    "ocr_line": {"ocr_par"},
    "ocrx_word": {"ocr_line"},
}
"""The elements that we write and what each must be in."""
NUMBERS = r"-?\d+(?:\.\d+)?"
PROPERTIES = {
    "image": r'"(?:[^"\\]|\\.)*"',
    "bbox": r"\d+ \d+ \d+ \d+",
    "ppageno": r"\d+",
    "textangle": NUMBERS,
    "poly": rf"{NUMBERS}(?: {NUMBERS})+",
    "x_wconf": r"\d+",
    "x_confs": r"\d+(?: \d+)*",
}
_PROPERTY = re.compile(r'\s*(\w+) ((?:"(?:[^"\\]|\\.)*"|[^;"])+?)\s*(?:;|$)')


def check_alto(data: bytes) -> Any:
    """The parsed file; AssertionError where the grammar refuses it."""
    tree = etree.fromstring(data)
    grammar = etree.RelaxNG(etree.parse(ALTO))
    assert grammar.validate(tree), grammar.error_log
    return tree


def check_hocr(data: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Class, properties and text of every element in order; AssertionError where a rule is broken."""
    tree = etree.fromstring(data)
    meta = {one.get("name"): one.get("content") for one in tree.iter(f"{HTML}meta")}
    assert meta["ocr-system"]
    classes = {one.get("class") for one in tree.iter() if one.get("class")}
    assert classes <= set(meta["ocr-capabilities"].split()) | {None}
    idents = [one.get("id") for one in tree.iter() if one.get("class")]
    assert len(idents) == len(set(idents))
    found = []
    for element in tree.iter():
        if kind := element.get("class"):
            above = element.getparent()
            assert above.get("class") in INSIDE[kind]
            properties = properties_of(element.get("title"))
            _check_box(properties["bbox"], properties_of(above.get("title") or "").get("bbox"))
            found.append((kind, properties, "".join(element.itertext()).strip()))
    assert any(kind == "ocr_page" for kind, *_ in found)
    return found


def properties_of(title: str) -> dict[str, str]:
    """The properties of a title; AssertionError where one does not have its form."""
    found = dict(_PROPERTY.findall(title))
    assert "".join(_PROPERTY.sub("", title)) == ""
    for name, value in found.items():
        assert re.fullmatch(PROPERTIES[name], value), f"{name} {value}"
    return found


def _check_box(box: str, outer: str | None) -> None:
    left, top, right, bottom = map(int, box.split())
    assert left <= right
    assert top <= bottom
    if outer:
        around = [int(one) for one in outer.split()]
        assert around[0] <= left
        assert around[1] <= top
        assert right <= around[2]
        assert bottom <= around[3]
