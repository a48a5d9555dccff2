"""Files that are no usable image."""

from __future__ import annotations

import struct
import zlib

from tests.support.bad_inputs.attempt import Attempt, Materials

HUGE = 100_000


def _run(at: Materials, name: str, content: bytes) -> Attempt:
    path = at.scratch / name
    path.write_bytes(content)
    return Attempt(("edge", "run", at.bundle, path))


def empty(at: Materials) -> Attempt:
    """No bytes at all."""
    return _run(at, "empty.png", b"")


def truncated(at: Materials) -> Attempt:
    """The first half of a good image."""
    content = at.image.read_bytes()
    return _run(at, "truncated.png", content[: len(content) // 2])


def no_image(at: Materials) -> Attempt:
    """Text with the name of an image."""
    return _run(at, "letter.png", b"Dear all\n" * 100)


def huge(at: Materials) -> Attempt:
    """A PNG of a hundred bytes that claims 100,000 × 100,000 pixels."""
    size = struct.pack(">IIBBBBB", HUGE, HUGE, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 64)
    content = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", size) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return _run(at, "huge.png", content)


def missing(at: Materials) -> Attempt:
    """A path that does not exist."""
    return Attempt(("edge", "run", at.bundle, at.scratch / "nowhere.png"))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
