"""ALTO 4.4 (loc.gov/standards/alto): pages, blocks, lines and words with their boxes, in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import BinaryIO
from xml.etree import ElementTree as ET

from edge import __version__
from edge.formats.reading import Reading
from edge.formats.words import Word, paragraphs, part, plain, upright, words
from edge.results import Line, Page, Point

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
LOWEST = 9  # ALTO's confidence of a character: from 0, sure, to 9


def write_alto(reading: Reading, file: BinaryIO) -> None:
    """One file for all pages. A block is a paragraph; the order of blocks and lines is that of reading."""
    alto = ET.Element(
        "alto",
        {"xmlns": NAMESPACE, "xmlns:xsi": INSTANCE, "xsi:schemaLocation": SCHEMA, "SCHEMAVERSION": "4.4"},
    )
    _description(alto, plain(reading.name))
    layout = ET.SubElement(alto, "Layout")
    for number, page in enumerate(reading.document.pages, 1):
        _page(layout, number, page)
    ET.indent(alto, " ")
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(alto, encoding="utf-8") + b"\n")


def _description(alto: ET.Element, name: str) -> None:
    description = ET.SubElement(alto, "Description")
    ET.SubElement(description, "MeasurementUnit").text = "pixel"
    source = ET.SubElement(description, "sourceImageInformation")
    ET.SubElement(source, "fileName").text = name
    processing = ET.SubElement(description, "Processing", ID="reading")
    ET.SubElement(processing, "processingCategory").text = "contentGeneration"
    software = ET.SubElement(processing, "processingSoftware")
    ET.SubElement(software, "softwareName").text = "edgepack"
    ET.SubElement(software, "softwareVersion").text = __version__


def _page(layout: ET.Element, number: int, page: Page) -> None:
    size = {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    # Ours is clockwise, ALTO's counter-clockwise.
    turned = {"ROTATION": str(360 - page.turned)} if page.turned else {}
    names = {"ID": f"page_{number}", "PHYSICAL_IMG_NR": str(number)}
    element = ET.SubElement(layout, "Page", names | size | turned)
    space = ET.SubElement(element, "PrintSpace", {"HPOS": "0", "VPOS": "0"} | size)
    count = 0
    for order, lines in enumerate(paragraphs(page), 1):
        around = [corner for line in lines for corner in line.box]
        block = ET.SubElement(space, "TextBlock", {"ID": f"block_{number}_{order}"} | _place(around, page))
        for line in lines:
            count += 1
            _line(block, f"{number}_{count}", line, page)


def _line(block: ET.Element, ident: str, line: Line, page: Page) -> None:
    said = {"ID": f"line_{ident}"} | _place(line.box, page)
    if line.vertical:
        said["BASEDIRECTION"] = "ttb"
    element = ET.SubElement(block, "TextLine", said)
    shape = ET.SubElement(element, "Shape")
    ET.SubElement(shape, "Polygon", POINTS=" ".join(f"{x:.1f},{y:.1f}" for x, y in line.box))
    # A line without words still is one, and ALTO wants a String in it.
    found = words(line) or [Word("", line.score, (), 0.0, 1.0, line.box)]
    for number, word in enumerate(found, 1):
        if number > 1:
            gap = part(line, found[number - 2].end, word.start)
            ET.SubElement(element, "SP", _place(gap, page))
        names = {"ID": f"word_{ident}_{number}", "CONTENT": word.text, "WC": f"{_share(word.score):.4f}"}
        if word.scores:
            names["CC"] = " ".join(str(math.floor((1 - _share(one)) * LOWEST + 0.5)) for one in word.scores)
        ET.SubElement(element, "String", names | _place(word.box, page))


def _place(points: Sequence[Point], page: Page) -> dict[str, str]:
    left, top, right, bottom = upright(points, page)
    return {"HPOS": str(left), "VPOS": str(top), "WIDTH": str(right - left), "HEIGHT": str(bottom - top)}


def _share(score: float) -> float:
    return min(max(score, 0.0), 1.0)
