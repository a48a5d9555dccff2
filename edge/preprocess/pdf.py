"""Pages of a PDF as pictures: the one module that imports pypdfium2.

A page has no pixels of its own. It is drawn at 200 dots an inch, or where a scan covers half of it, as finely as that
was scanned; a page that would have more pixels than are allowed is drawn smaller.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import EnvironmentLackError, InputError
from edge.preprocess.encoded import Encoded
from edge.preprocess.images import Picture
from edge.preprocess.pillow import pillow

DPI = 200.0
MAX_DPI = 400.0
POINTS = 72.0  # an inch has
PDFIUM = threading.RLock()  # pdfium may be in one thread at a time
REMEDY = "print it to PDF again, or give pictures of its pages"


def is_pdf(head: bytes) -> bool:
    """Whether a file with this first kilobyte is a PDF; other bytes may stand before its mark."""
    return b"%PDF-" in head


def pdf_pages(encoded: Encoded, max_pixels: int, most: int) -> Iterator[Picture]:
    """Every page, drawn when it is asked for, of at most `max_pixels` pixels.

    Raises InputError where the file is damaged, locked or has more than `most` pages, and where a picture in it claims
    more than `max_pixels`.
    """
    pdfium = _pdfium()
    label = encoded.label
    with PDFIUM:
        document = _opened(pdfium, encoded)
        count = len(document)
    try:
        if not 0 < count <= most:
            raise InputError(f"{label} has {count:,} pages", remedy=f"give files of 1 to {most:,} pages")
        for number in range(count):
            yield _drawn(pdfium, document, number, f"{label} page {number + 1}", max_pixels)
    finally:
        with PDFIUM:
            document.close()


def _pdfium() -> Any:
    try:
        import pypdfium2
    except ImportError as error:
        raise EnvironmentLackError("pypdfium2 is not installed", remedy="pip install 'edgepack-device[ocr]'") from error
    return pypdfium2


def _opened(pdfium: Any, encoded: Encoded) -> Any:
    try:
        return pdfium.PdfDocument(encoded.file)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError(f"{encoded.label} is locked by a password", remedy="save it without one") from error
        raise InputError(f"{encoded.label} is a damaged PDF ({error})", remedy=REMEDY) from error


def _drawn(pdfium: Any, document: Any, number: int, label: str, max_pixels: int) -> Picture:
    with PDFIUM:
        pixels, dpi = _pixels(pdfium, document, number, label, max_pixels)
    return Picture(pillow().fromarray(pixels), dpi)


def _pixels(pdfium: Any, document: Any, number: int, label: str, max_pixels: int) -> tuple[NDArray[np.uint8], float]:
    """uint8 (height, width, 3) RGB, and its dots an inch."""
    try:
        page = document[number]
        try:
            width, height = page.get_size()
            if not (0 < width < math.inf and 0 < height < math.inf):
                raise InputError(f"{label} has no size", remedy=REMEDY)
            dpi = min(_dpi(pdfium, page, width * height, label, max_pixels), _most_dpi(width, height, max_pixels))
            drawn = page.render(scale=dpi / POINTS, rev_byteorder=True).to_numpy()
            return np.ascontiguousarray(drawn[:, :, :3]), dpi  # without transparency, where it had some
        finally:
            page.close()
    except pdfium.PdfiumError as error:
        raise InputError(f"{label} is damaged ({error})", remedy=REMEDY) from error


def _most_dpi(width: float, height: float, max_pixels: int) -> float:
    """The finest that a page of so many points can be drawn: (width * s + 1) (height * s + 1) <= max_pixels.

    The ones are there because sides are rounded up.
    """
    half, area = (width + height) / 2, width * height
    return POINTS * (math.sqrt(half**2 + area * (max_pixels - 1)) - half) / area


def _dpi(pdfium: Any, page: Any, area: float, label: str, max_pixels: int) -> float:
    """Dots an inch of the largest picture, where it covers half of the page or more; else the usual number."""
    covered, found = area / 2, DPI
    for picture in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE]):
        across, down = picture.get_px_size()
        if across * down > max_pixels:
            raise InputError(f"{label} has a picture of more than {max_pixels:,} pixels", remedy="give a smaller one")
        left, bottom, right, top = picture.get_bounds()
        size = (right - left) * (top - bottom)
        if size >= covered and across * down:
            covered, found = size, POINTS * math.sqrt(across * down / size)
    return min(max(found, DPI), MAX_DPI)
