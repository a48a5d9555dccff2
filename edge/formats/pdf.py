"""A searchable PDF: the pages as they look, and under them their text, unseen, to be found, marked and copied."""

from __future__ import annotations

import io
from typing import BinaryIO

from edge import __version__
from edge.formats.glyphless import Glyphless
from edge.formats.pdf_file import PdfFile, text_string
from edge.formats.pdf_page import page_text
from edge.formats.reading import Reading
from edge.formats.words import plain
from edge.preprocess.images import Picture
from edge.results import Page

POINTS = 72.0
LONG_SIDE = 842.0  # points: A4's
KNOWN_DPI = 100.0  # below, a file says what its maker always says
QUALITY = 85
BLACK_AND_WHITE = {0, 255, (0, 0, 0), (255, 255, 255)}


def write_pdf(reading: Reading, file: BinaryIO) -> None:
    """Pages as large as they were scanned, or as A4 where the file does not tell; turned ones are shown upright."""
    out, font = PdfFile(file), Glyphless()
    catalogue, tree, fonts, information = (out.reserve() for _ in range(4))
    numbers = [
        _put_page(out, page, picture, font, tree, fonts)
        for page, picture in zip(reading.document.pages, reading.pictures(), strict=True)
    ]
    font.write(out, fonts)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    out.put(tree, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(numbers)))
    out.put(catalogue, b"<</Type/Catalog/Pages %d 0 R>>" % tree)
    made = text_string(f"edgepack {__version__}")
    out.put(information, b"<</Title%s/Producer%s>>" % (text_string(plain(reading.name)), made))
    out.finish(catalogue, information)


def _put_page(out: PdfFile, page: Page, picture: Picture, font: Glyphless, tree: int, fonts: int) -> int:
    number, content, image = (out.reserve() for _ in range(3))
    points = POINTS / _dpi(picture)
    width, height = page.width * points, page.height * points
    _put_picture(out, image, picture)
    shown = b"q %.3f 0 0 %.3f 0 0 cm /P Do Q\n" % (width, height)
    out.put_stream(content, shown + page_text(page, points, font))
    resources = b"/Resources<</Font<</F %d 0 R>>/XObject<</P %d 0 R>>>>" % (fonts, image)
    size = b"/MediaBox[0 0 %.3f %.3f]/Rotate %d" % (width, height, (360 - page.turned) % 360)
    out.put(number, b"<</Type/Page/Parent %d 0 R%s%s/Contents %d 0 R>>" % (tree, size, resources, content))
    return number


def _dpi(picture: Picture) -> float:
    long_side = max(picture.width, picture.height)
    return picture.dpi if picture.dpi >= KNOWN_DPI else max(long_side * POINTS / LONG_SIDE, POINTS)


def _put_picture(out: PdfFile, number: int, picture: Picture) -> None:
    """A page of black and white keeps every pixel; others are JPEG."""
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d" % (picture.width, picture.height)
    colours = picture.image.getcolors(2)
    if colours and {colour for _, colour in colours} <= BLACK_AND_WHITE:
        bits = picture.image.convert("1", dither=0).tobytes()
        out.put_stream(number, bits, size + b"/ColorSpace/DeviceGray/BitsPerComponent 1")
        return
    encoded = io.BytesIO()
    picture.image.save(encoded, "JPEG", quality=QUALITY)
    space = b"/ColorSpace/DeviceGray" if picture.image.mode == "L" else b"/ColorSpace/DeviceRGB"
    kind = space + b"/BitsPerComponent 8/Filter/DCTDecode"
    out.put_stream(number, encoded.getvalue(), size + kind, encoded=True)
