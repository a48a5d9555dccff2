"""The forms in which a document is handed over: one registry by name."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from edge.errors import InputError
from edge.formats.alto import write_alto
from edge.formats.hocr import write_hocr
from edge.formats.overlay import write_overlay
from edge.formats.pdf import write_pdf
from edge.formats.plain import write_json, write_text, write_tsv
from edge.formats.reading import Reading

__all__ = ["FORMATS", "Format", "Reading", "format_named", "rendered"]


@dataclass(frozen=True)
class Format:
    """`suffix` is that of its files. A terminal cannot show what is `binary`; a file of what is `whole` holds one."""

    name: str
    suffix: str
    summary: str
    write: Callable[[Reading, BinaryIO], None]
    binary: bool = False
    whole: bool = False


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("text", ".txt", "a line for each line in reading order", write_text),
        Format("json", ".json", "text, score, box and the places of characters", write_json),
        Format("tsv", ".tsv", "Tesseract's table of words", write_tsv, whole=True),
        Format("hocr", ".hocr", "hOCR 1.2: paragraphs, lines and words with boxes, as XHTML", write_hocr, whole=True),
        Format("alto", ".xml", "ALTO 4.4: the same as XML for libraries", write_alto, whole=True),
        Format("pdf", ".pdf", "the pages, with text that can be searched and copied", write_pdf, binary=True),
        Format("overlay", ".png", "a picture of the pages and, beside them, of their text", write_overlay, binary=True),
    )
}


def format_named(name: str) -> Format:
    """The format of that name; raises InputError for one that is not known."""
    if name not in FORMATS:
        raise InputError(f"the format {name!r} is unknown", remedy=f"give one of {', '.join(FORMATS)}")
    return FORMATS[name]


def rendered(form: Format, reading: Reading) -> bytes:
    """A whole file of that form in memory."""
    file = io.BytesIO()
    form.write(reading, file)
    return file.getvalue()
