"""hOCR 1.2 as XHTML (kba.github.io/hocr-spec/1.2): pages, paragraphs, lines and words with their boxes."""

from __future__ import annotations

import math
from typing import BinaryIO
from xml.etree import ElementTree as ET

from edge import __version__
from edge.formats.reading import Reading
from edge.formats.words import paragraphs, plain, upright, words
from edge.results import Line, Page

CAPABILITIES = "ocr_page ocr_par ocr_line ocrx_word ocrp_wconf ocrp_poly"
HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
"""
LEVEL = 0.5  # degrees: what is less is no angle


def write_hocr(reading: Reading, file: BinaryIO) -> None:
    """One file for all pages. A turned or slanted line has its angle and, beside the upright box, its corners."""
    html = ET.Element("html", xmlns="http://www.w3.org/1999/xhtml")
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "title").text = plain(reading.name)
    ET.SubElement(head, "meta", {"http-equiv": "Content-Type", "content": "text/html; charset=utf-8"})
    said = {
        "ocr-system": f"edgepack {__version__}",
        "ocr-capabilities": CAPABILITIES,
        "ocr-number-of-pages": str(len(reading.document.pages)),
    }
    for name, content in said.items():
        ET.SubElement(head, "meta", name=name, content=content)
    body = ET.SubElement(html, "body")
    for number, page in enumerate(reading.document.pages):
        _page(body, number, page, plain(reading.name))
    ET.indent(html, " ")
    file.write(HEAD + ET.tostring(html, encoding="utf-8", short_empty_elements=True) + b"\n")


def _page(body: ET.Element, number: int, page: Page, name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    title = f'image "{quoted}"; bbox 0 0 {page.width} {page.height}; ppageno {number}'
    inside = ET.SubElement(body, "div", {"class": "ocr_page", "id": f"page_{number + 1}", "title": title})
    count = 0
    for order, lines in enumerate(paragraphs(page), 1):
        around = _bbox([corner for line in lines for corner in line.box], page)
        ident = f"par_{number + 1}_{order}"
        paragraph = ET.SubElement(inside, "p", {"class": "ocr_par", "id": ident, "title": around})
        for line in lines:
            count += 1
            _line(paragraph, f"{number + 1}_{count}", line, page)


def _line(paragraph: ET.Element, ident: str, line: Line, page: Page) -> None:
    said = [_bbox(line.box, page), *_slant(line)]
    element = ET.SubElement(paragraph, "span", {"class": "ocr_line", "id": f"line_{ident}", "title": "; ".join(said)})
    if line.vertical:
        element.set("style", "writing-mode: vertical-rl")
    for number, word in enumerate(words(line), 1):
        said = [_bbox(word.box, page), f"x_wconf {_percent(word.score)}"]
        if word.scores:
            said.append("x_confs " + " ".join(str(_percent(one)) for one in word.scores))
        names = {"class": "ocrx_word", "id": f"word_{ident}_{number}", "title": "; ".join(said)}
        ET.SubElement(element, "span", names).text = word.text


def _slant(line: Line) -> list[str]:
    """The angle counter-clockwise in degrees and the corners of a line that is not level."""
    (x, y), (end_x, end_y), *_ = line.box
    degrees = math.degrees(math.atan2(y - end_y, end_x - x))
    if abs(degrees) < LEVEL:
        return []
    corners = " ".join(str(round(value)) for corner in line.box for value in corner)
    return [f"textangle {degrees:.1f}", f"poly {corners}"]


def _bbox(points: list[tuple[float, float]] | tuple[tuple[float, float], ...], page: Page) -> str:
    return "bbox " + " ".join(map(str, upright(points, page)))


def _percent(score: float) -> int:
    return round(min(max(score, 0.0), 1.0) * 100)
