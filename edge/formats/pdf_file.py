"""A PDF 1.5 file, written object by object (ISO 32000-1, 7.5): nothing of it is kept but where each object begins."""

from __future__ import annotations

import zlib
from typing import BinaryIO


class PdfFile:
    """Objects get their number from `reserve`, so that they can name one another before they are written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets: list[int] = [0]
        self._at = 0
        # Four bytes over 127 tell programs that carry the file that it is no text.
        self._write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        """A new object's number."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, number: int, body: bytes) -> None:
        """Write an object."""
        self._offsets[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def put_stream(self, number: int, data: bytes, entries: bytes = b"", *, encoded: bool = False) -> None:
        """Write a stream; its data is deflated unless it is `encoded` already, as the entries then say."""
        if not encoded:
            data, entries = zlib.compress(data), entries + b"/Filter/FlateDecode"
        self.put(number, b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data))

    def finish(self, catalogue: int, information: int) -> None:
        """Write the table of objects; every reserved number must have been put."""
        start = self._at
        count = len(self._offsets)
        table = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[1:])
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table))
        self._write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\n" % (count, catalogue, information))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


def text_string(text: str) -> bytes:
    """A text for people, as in a title: UTF-16 in hexadecimal digits."""
    return b"<FEFF%s>" % text.encode("utf-16-be", "replace").hex().upper().encode()
