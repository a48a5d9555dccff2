"""A font whose every character is blank and as wide as it is drawn: it carries the text of a PDF that shows a picture.

A TrueType file of two glyphs is embedded, as PDF asks for, in a composite font (ISO 32000-1, 9.7): code n, of two
bytes, stands for the n-th pair of a character and a width that was used, and a table gives it back as Unicode.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from edge.formats.pdf_file import PdfFile

EM = 1000
WIDTH = 500  # of the blank glyph; programs go by the widths beside it
STEP = 20
ASCENT, DESCENT = 800, -200
MOST_CODES = 65_535
A_BLOCK = 100  # entries of a character map may stand together
_DESCRIPTOR = b"/Flags 4/FontBBox[0 %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80"

# A line there and back: it covers nothing, but has a size, without which pdfium passes over text that is turned.
_GLYPH = struct.pack(
    ">5hHH3B3h3hx", 1, 0, DESCENT, WIDTH, ASCENT, 2, 0, 1, 1, 1, *(0, WIDTH, -WIDTH), *(DESCENT, EM, -EM)
).ljust(32, b"\0")


class Glyphless:
    """Codes for the characters of a document at the widths that they have, in the order in which they appear."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, int], int] = {}
        self._last: dict[str, int] = {}

    def encoded(self, text: str, ends: Sequence[float]) -> bytes:
        """The codes of a text as hexadecimal digits; its characters end at `ends`, in font sizes from where it begins.

        Widths are rounded, but do not add up to more than one rounding. Where all codes are taken, a character gets
        another width that it had, or becomes the last character that there was room for.
        """
        said, at = [], 0
        for one, end in zip(text, ends, strict=True):
            width = max(round((end * EM - at) / STEP), 1) * STEP
            said.append(b"%04X" % self._code(one, width))
            at += width
        return b"".join(said)

    def _code(self, one: str, width: int) -> int:
        if (one, width) not in self._codes:
            if len(self._codes) == MOST_CODES:
                return self._last.get(one, MOST_CODES)
            self._codes[one, width] = self._last[one] = len(self._codes) + 1
        return self._codes[one, width]

    def write(self, file: PdfFile, number: int) -> None:
        """Put the font as object `number`, once all text was encoded."""
        program, descriptor, descendant, glyphs, unicode = (file.reserve() for _ in range(5))
        font = truetype()
        file.put_stream(program, font, b"/Length1 %d" % len(font))
        measures = _DESCRIPTOR % (DESCENT, WIDTH, ASCENT, ASCENT, DESCENT, ASCENT)
        names = b"/Type/FontDescriptor/FontName/Glyphless"
        file.put(descriptor, b"<<%s%s/FontFile2 %d 0 R>>" % (names, measures, program))
        # Every code shows the one blank glyph.
        file.put_stream(glyphs, b"\0\0" + b"\0\1" * len(self._codes))
        system = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        widths = b" ".join(b"%d" % width for _, width in self._codes)
        parts = (system, descriptor, widths, glyphs)
        kind = b"/Type/Font/Subtype/CIDFontType2/BaseFont/Glyphless"
        file.put(descendant, b"<<" + kind + b"%s/FontDescriptor %d 0 R/W[1[%s]]/CIDToGIDMap %d 0 R>>" % parts)
        file.put_stream(unicode, _to_unicode([one for one, _ in self._codes]))
        kind = b"/Type/Font/Subtype/Type0/BaseFont/Glyphless/Encoding/Identity-H"
        file.put(number, b"<<%s/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (kind, descendant, unicode))


def _to_unicode(characters: Sequence[str]) -> bytes:
    unicode = (one.encode("utf-16-be", "replace").hex().encode() for one in characters)
    entries = [b"<%04X> <%s>" % pair for pair in enumerate(unicode, 1)]
    blocks = [entries[start : start + A_BLOCK] for start in range(0, len(entries), A_BLOCK)]
    said = [b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks]
    return b"\n".join(
        [
            b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
            b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
            b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange",
            *said,
            b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
        ]
    )


def truetype() -> bytes:
    """The file: tables in alphabetical order, each on a multiple of four bytes (OpenType, "The Font File")."""
    bounds = (0, DESCENT, WIDTH, ASCENT)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12)
        + struct.pack(">3H4H", 4, 24, 0, 2, 2, 0, 0)
        # one segment that ends at 0xFFFF and maps to the missing glyph
        + struct.pack(">HHHhH", 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": _GLYPH,
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, *bounds, 0, 8, 2, 0, 0
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, DESCENT, 0, WIDTH, *[0] * 11, 1),
        b"hmtx": struct.pack(">Hhh", WIDTH, 0, 0),
        b"loca": struct.pack(">3H", 0, 0, len(_GLYPH) // 2),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 3, 1, 0, 0, 1, *[0] * 8),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }
    head, body = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128), b""
    start = 12 + 16 * len(tables)
    for name, table in tables.items():
        head += struct.pack(">4sIII", name, _checksum(table), start + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    whole = bytearray(head + body)
    # The field that makes the whole file add up to a constant.
    place = start + sum(len(table) + -len(table) % 4 for name, table in tables.items() if name < b"head") + 8
    whole[place : place + 4] = struct.pack(">I", (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    total: int = sum(struct.unpack(f">{len(padded) // 4}I", padded))
    return total & 0xFFFFFFFF
