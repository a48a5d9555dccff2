"""The pages of whatever can have several: an image has one, a TIFF or a PDF may have many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from edge.errors import InputError
from edge.preprocess.encoded import Encoded, opened
from edge.preprocess.images import (
    SUFFIXES,
    ImageSource,
    Mode,
    Picture,
    check_size,
    decode,
    default_max_pixels,
    finished,
    open_image,
    quiet,
    translating,
)
from edge.preprocess.pdf import is_pdf, pdf_pages

PAGE_SUFFIXES = (*SUFFIXES, ".pdf")
MAX_PAGES = 10_000
GREY = ("1", "L", "I;16", "I;16B", "I;16L", "I;16N", "I")


def pages(source: ImageSource, *, max_pixels: int | None = None, name: str = "") -> Iterator[Picture]:
    """Every page of an image, a TIFF or a PDF in RGB, or grey (`L`) where it is, each decoded when it is asked for.

    `source` is what `edge.preprocess.images.decode` takes, or a PDF. Of animations the first picture is taken.
    `max_pixels` bounds each page; a PDF is drawn within it. Raises InputError for what is no sound image or PDF.
    """
    most = max_pixels or default_max_pixels()
    if isinstance(source, np.ndarray):
        yield decode(source, name=name)
        return
    with opened(source, name) as encoded:
        yield from pdf_pages(encoded, most, MAX_PAGES) if is_pdf(encoded.head) else _frames(encoded, most)


def _frames(encoded: Encoded, max_pixels: int) -> Iterator[Picture]:
    with quiet():
        count = _count(open_image(encoded, max_pixels), encoded.label)
    for number in range(count):
        yield _frame(encoded, number, max_pixels)  # not kept here: its reader lets go of it when it likes


def _count(image: Any, label: str) -> int:
    count = translating(label, lambda: int(image.n_frames)) if image.format == "TIFF" else 1
    if count > MAX_PAGES:
        raise InputError(f"{label} has {count:,} pages", remedy=f"give files of 1 to {MAX_PAGES:,} pages")
    return count


def _frame(encoded: Encoded, number: int, max_pixels: int) -> Picture:
    label = f"{encoded.label} page {number + 1}" if number else encoded.label
    encoded.file.seek(0)
    with quiet():
        image = open_image(encoded, max_pixels)
        if number:
            translating(label, lambda: image.seek(number), max_pixels)
            check_size(label, image, max_pixels)
        return finished(image, _mode(image), label, opaque=True)


def _mode(image: Any) -> Mode:
    """A scan in black and white takes a fourth of the memory as what it is."""
    return "L" if image.mode in GREY and "transparency" not in image.info else "RGB"
