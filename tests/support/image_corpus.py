"""Image files as they come: sound in every way, turned, animated, misnamed, cut off, damaged, bombs, no images at all.

What is sound shows a red thing; what is neither said to be sound nor to be bad may be either.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

KINDS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "BMP": "bmp", "GIF": "gif", "TIFF": "tif"}
ORIENTATION = 0x0112
STEPS = range(0, 100, 5)
SEEDS = range(10)
HUGE = 65_000


@dataclass(frozen=True)
class Sample:
    """A file; `sound` is None where either is right."""

    name: str
    content: bytes
    sound: bool | None


def write_corpus(folder: Path) -> dict[str, bool | None]:
    """Write all files; whether each is sound, by its path."""
    samples = list(corpus())
    for one in samples:
        (folder / one.name).write_bytes(one.content)
    return {str(folder / one.name): one.sound for one in samples}


def corpus() -> Iterator[Sample]:
    """All files, each with a name of its own; the same in every run."""
    for part in (_sound, _turned, _modes, _moving, _misnamed, _strangers, _cut_off, _damaged, _bombs, _names):
        yield from part()


def picture(mode: str = "RGB") -> Image.Image:
    """Red with noise, so that no part of the file is dispensable."""
    noise = np.random.default_rng(5).integers(0, 90, (24, 40, 3), dtype=np.uint8)
    noise[..., 0] += 160
    return Image.fromarray(noise).convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _sound() -> Iterator[Sample]:
    for kind, suffix in KINDS.items():
        yield Sample(f"sound.{suffix}", encoded(picture(), kind), True)
        yield Sample(f"SOUND.{suffix.upper()}", encoded(picture(), kind), True)
    yield Sample("progressive.jpg", encoded(picture(), "JPEG", progressive=True), True)
    yield Sample("lossless.webp", encoded(picture(), "WEBP", lossless=True), True)
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield Sample(f"{compression}.tif", encoded(picture(), "TIFF", compression=compression), True)


def _turned() -> Iterator[Sample]:
    for orientation in (*range(1, 9), 0, 9, 65535):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        for kind in ("JPEG", "PNG", "TIFF", "WEBP"):
            yield Sample(f"turned-{orientation}.{KINDS[kind]}", encoded(picture(), kind, exif=exif), True)
    broken = encoded(picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    yield Sample("broken-exif.jpg", broken, True)


def _modes() -> Iterator[Sample]:
    for mode, kinds in {
        "CMYK": ("JPEG", "TIFF"),
        "RGBA": ("PNG", "WEBP", "TIFF"),
        "P": ("PNG", "GIF", "BMP", "TIFF"),
        "YCbCr": ("JPEG", "TIFF"),
        "LAB": ("TIFF",),
    }.items():
        for kind in kinds:
            yield Sample(f"{mode}.{KINDS[kind]}", encoded(picture(mode), kind), True)
    palette = picture().quantize(16)
    for name, transparency in {"one": 0, "all": bytes(range(16))}.items():
        yield Sample(f"palette-{name}.png", encoded(palette, "PNG", transparency=transparency), True)
    for mode in ("1", "L", "LA"):  # without colour: read, as what is no matter here
        yield Sample(f"grey-{mode}.png", encoded(picture(mode), "PNG"), None)
    wide = Image.fromarray(np.asarray(picture("L")).astype(np.uint16) * 257)
    yield Sample("grey-16.png", encoded(wide, "PNG"), None)
    yield Sample("grey-16.tif", encoded(wide, "TIFF"), None)
    yield Sample("rgb-16.png", _png(40, 24, 16, _rows_of_16_bits()), True)
    for mode in ("I", "F"):
        yield Sample(f"32-bits-{mode}.tif", encoded(picture("L").convert(mode), "TIFF"), False)


def _moving() -> Iterator[Sample]:
    blue = Image.new("RGB", (40, 24), "blue")
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        moving = encoded(picture(), kind, save_all=True, append_images=[blue] * 3)
        yield Sample(f"moving.{KINDS[kind]}", moving, True)


def _misnamed() -> Iterator[Sample]:
    for kind, other in permutations(KINDS, 2):
        yield Sample(f"is-{kind}.{KINDS[other]}", encoded(picture(), kind), True)


def _strangers() -> Iterator[Sample]:
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
    strangers = {
        "text": b"Dear all\n" * 100,
        "html": b"<!doctype html><title>404</title>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        "wmf": b"\xd7\xcd\xc6\x9a" + bytes(60),
        "psd": b"8BPS\0\x01" + bytes(60),
        "ico": b"\0\0\x01\0\x01\0" + bytes(60),
        "zip": b"PK\x03\x04" + bytes(60),
        "elf": b"\x7fELF" + bytes(60),
        "zeros": bytes(500),
        "byte": b"\xff",
    }
    for name, content in strangers.items():
        yield from (Sample(f"{name}.{suffix}", content, False) for suffix in ("jpg", "png"))
    yield Sample("pdf.png", pdf, False)
    for suffix in KINDS.values():
        yield Sample(f"empty.{suffix}", b"", False)
    for kind, signature in {
        "JPEG": b"\xff\xd8\xff",
        "PNG": b"\x89PNG\r\n\x1a\n",
        "GIF": b"GIF89a",
        "BMP": b"BM",
    }.items():
        yield Sample(f"signature.{KINDS[kind]}", signature, False)


def _cut_off() -> Iterator[Sample]:
    for kind, suffix in KINDS.items():
        whole = encoded(picture(), kind)
        for percent in STEPS:
            yield Sample(f"cut-{percent}.{suffix}", whole[: len(whole) * percent // 100], False)


def _damaged() -> Iterator[Sample]:
    for kind, suffix in KINDS.items():
        whole = encoded(picture(), kind)
        for seed in SEEDS:
            chance = np.random.default_rng(seed)
            content = np.frombuffer(whole, np.uint8).copy()
            content[chance.integers(0, len(content), 4)] = chance.integers(0, 256, 4)
            yield Sample(f"damaged-{seed}.{suffix}", content.tobytes(), None)


def _bombs() -> Iterator[Sample]:
    yield Sample("bomb.png", _png(HUGE, HUGE, 8, b"\0"), False)
    yield Sample(
        "bomb.gif", b"GIF89a" + struct.pack("<HHBBB", HUGE, HUGE, 0, 0, 0) + _after(b"GIF89a", "GIF", 13), False
    )
    yield Sample("bomb.bmp", _patched("BMP", 18, struct.pack("<ii", HUGE, HUGE)), False)
    jpeg = encoded(picture(), "JPEG")
    start = jpeg.index(b"\xff\xc0") + 5
    yield Sample("bomb.jpg", jpeg[:start] + struct.pack(">HH", HUGE, HUGE) + jpeg[start + 4 :], False)
    yield Sample("bomb.tif", _tiff(HUGE, HUGE), False)
    canvas = struct.pack("<I", 16382)[:3] * 2
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas + encoded(picture(), "WEBP")[12:]
    yield Sample("bomb.webp", b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body, False)
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 << 20), 9))
    profile = _chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(200 << 20), 9))
    plain = encoded(picture(), "PNG")
    for name, chunk in {"text": text, "profile": profile}.items():
        yield Sample(f"bomb-in-{name}.png", plain[:33] + chunk + plain[33:], None)
    yield Sample("bomb-in-pixels.png", _png(40, 24, 8, bytes(200 << 20)), None)


def _names() -> Iterator[Sample]:
    for name in (
        "-rf.png",
        "two\nlines.png",
        "q'u\"o\\te.png",
        "\N{SNOWMAN}.png",
        os.fsdecode(b"caf\xe9.png"),
        "a" * 200 + ".png",
    ):
        yield Sample(name, encoded(picture(), "PNG"), True)


def _rows_of_16_bits() -> bytes:
    wide = np.asarray(picture()).astype(">u2") * 257
    return b"".join(b"\0" + row.astype(">u2").tobytes() for row in wide)


def _png(width: int, height: int, depth: int, pixels: bytes) -> bytes:
    """A PNG in RGB that claims a size and holds these bytes of rows."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", zlib.compress(pixels)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _patched(kind: str, place: int, content: bytes) -> bytes:
    whole = encoded(picture(), kind)
    return whole[:place] + content + whole[place + len(content) :]


def _after(_signature: bytes, kind: str, place: int) -> bytes:
    return encoded(picture(), kind)[place:]


def _tiff(width: int, height: int) -> bytes:
    """A TIFF in grey that claims a size and holds sixteen bytes of it."""
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 16}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 24) + bytes(16) + directory
