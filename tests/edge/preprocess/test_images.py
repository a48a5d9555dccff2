from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from edge.errors import InputError
from edge.preprocess import encoded as encoded_files
from edge.preprocess import images
from edge.preprocess.images import decode


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(height: int = 6, width: int = 9, channels: int = 3) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (height, width, channels), dtype=np.uint8)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one row of nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_formats_give_the_pixels(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(noise()), kind, **options)).array(), noise())


def test_path_bytes_file_object_and_array_are_the_same(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(noise()))
    path = tmp_path / "a.png"
    path.write_bytes(data)
    for source in (path, str(path), data, io.BytesIO(data), noise()):
        np.testing.assert_array_equal(decode(source).array(), noise())


def test_gif_gives_its_first_frame() -> None:
    red, blue = Image.new("RGB", (4, 4), "red"), Image.new("RGB", (4, 4), "blue")
    data = encoded(red, "GIF", save_all=True, append_images=[blue])
    assert decode(data).array()[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_applied(orientation: int, kind: str) -> None:
    """A picture that was stored turned comes out upright: red top left, green top right, blue bottom left."""
    upright = np.zeros((32, 48, 3), np.uint8)
    upright[:16, :24] = (255, 0, 0)
    upright[:16, 24:] = (0, 255, 0)
    upright[16:, :24] = (0, 0, 255)
    undo = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p, 1),
        7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
        8: lambda p: np.rot90(p, -1),
    }
    stored = np.ascontiguousarray(undo[orientation](upright))
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = decode(encoded(Image.fromarray(stored), kind, exif=exif)).array()
    assert found.shape == upright.shape
    for row, column in ((4, 4), (4, 40), (28, 4), (28, 40)):
        assert np.abs(found[row, column].astype(int) - upright[row, column]).max() < 40


def test_damaged_exif_leaves_the_picture_as_it_is() -> None:
    data = encoded(Image.fromarray(noise(16, 16)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert decode(data).array().shape == (16, 16, 3)


def test_grey_is_repeated() -> None:
    grey = noise(channels=1)[:, :, 0]
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(grey))).array(), np.stack([grey] * 3, axis=-1))


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    wide = np.array([[0, 128, 129, 257, 32768, 65535]], np.uint16)
    expected = np.round(wide / 257).astype(np.uint8)
    for kind in ("PNG", "TIFF"):
        np.testing.assert_array_equal(decode(encoded(Image.fromarray(wide), kind)).array()[:, :, 0], expected)


def test_one_bit_is_black_and_white() -> None:
    bits = Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")
    assert decode(encoded(bits)).array()[0, :, 0].tolist() == [0, 255]


def test_transparency_is_dropped_and_not_composited() -> None:
    pixels = noise(channels=4)
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(pixels))).array(), pixels[:, :, :3])


def test_palettes_are_looked_up_with_and_without_transparency() -> None:
    palette = Image.fromarray(noise()).quantize(16)
    expected = np.asarray(palette.convert("RGB"))
    for options in ({}, {"transparency": 0}, {"transparency": bytes(range(16))}):
        np.testing.assert_array_equal(decode(encoded(palette, **options)).array(), expected)


def test_cmyk_is_converted_as_pillow_does() -> None:
    """Pillow writes Adobe's inverted CMYK: pure cyan must not come out as red."""
    cyan = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    red, green, blue = (int(v) for v in decode(encoded(cyan, "JPEG")).array()[8, 8])
    assert red < 40
    assert green > 215
    assert blue > 215


def test_grey_can_be_asked_for() -> None:
    picture = decode(noise(), mode="L")
    np.testing.assert_array_equal(picture.array()[:, :, 0], np.asarray(Image.fromarray(noise()).convert("L")))


@pytest.mark.parametrize("mode", ["F", "I"])
def test_thirty_two_bits_are_refused(mode: str) -> None:
    with pytest.raises(InputError, match="32 bits"):
        decode(encoded(Image.new(mode, (3, 3)), "TIFF"))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"hello, I am a text", "is not an image"),
        (b"%PDF-1.4 ...", "is not an image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "is not an image"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8L", "damaged"),
    ],
)
def test_what_is_no_image_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        decode(data, name="photo.jpg")
    assert caught.value.message.startswith("photo.jpg ")
    assert caught.value.remedy


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
@given(share=st.floats(0.0, 0.95))
def test_a_cut_file_is_refused(kind: str, share: float) -> None:
    data = encoded(Image.fromarray(noise(40, 50)), kind)
    with pytest.raises(InputError):
        decode(data[: int(len(data) * share)])


@given(data=st.data())
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
def test_damage_gives_pixels_or_an_input_error(kind: str, data: st.DataObject) -> None:
    whole = bytearray(encoded(Image.fromarray(noise(24, 20)), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert decode(bytes(whole)).array().dtype == np.uint8
    except InputError as error:
        assert "\n" not in error.message  # noqa: PT017 (both endings are right)


@pytest.mark.parametrize("side", [9_000, 15_000, 100_000])
def test_too_many_pixels_are_refused_from_the_header(side: int) -> None:
    with pytest.raises(InputError, match="claims more than"):
        decode(png_header(side, side))


def test_the_bound_on_pixels_can_be_set() -> None:
    data = encoded(Image.fromarray(noise(10, 10)))
    assert decode(data, max_pixels=100).height == 10
    with pytest.raises(InputError, match="claims more than 99 pixels"):
        decode(data, max_pixels=99)


def test_no_memory_is_taken_for_what_a_header_claims(tmp_path: Path) -> None:
    """WebP is the hard case: its decoder is made before its size can be asked."""
    (tmp_path / "bomb.png").write_bytes(png_header(100_000, 100_000))
    canvas = struct.pack("<I", 16382)[:3] * 2
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas
    webp = encoded(Image.fromarray(noise()), "WEBP")[12:]
    (tmp_path / "bomb.webp").write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body) + len(webp)) + b"WEBP" + body + webp)
    script = """
import resource, sys
from edge.errors import InputError
from edge.preprocess.images import decode
import numpy
decode(numpy.zeros((8, 8, 3), numpy.uint8))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    try:
        decode(name)
    except InputError:
        continue
    sys.exit("accepted " + name)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "bomb.png", tmp_path / "bomb.webp"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 32 * 1024  # kilobytes; the claims are 30 GB and 1 GB
    assert not done.stderr


def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoded_files, "MAX_BYTES", 10)
    with pytest.raises(InputError, match="has more than"):
        decode(io.BytesIO(b"\xff\xd8\xff" * 10))


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.png")
    for path, says in (
        (tmp_path / "none.png", "does not exist"),
        (tmp_path, "regular"),
        (tmp_path / "fifo.png", "regular"),
    ):
        with pytest.raises(InputError, match=says):
            decode(path)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
    ],
)
def test_arrays_that_are_no_image_are_refused(array: NDArray[Any]) -> None:
    with pytest.raises(InputError, match="not an image"):
        decode(array)


def test_the_default_bound_follows_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for memory, pixels in ((512 << 20, 16 << 20), (64 << 30, images.MAX_PIXELS), (0, images.MAX_PIXELS)):
        images.default_max_pixels.cache_clear()
        monkeypatch.setattr(images, "usable_memory", lambda memory=memory: memory)
        assert images.default_max_pixels() == pixels
    images.default_max_pixels.cache_clear()


def test_real_photographs_equal_transformers(data: Path) -> None:
    from transformers.image_utils import load_image

    for path in sorted((data / "images").glob("*.jpg"))[::20]:
        np.testing.assert_array_equal(decode(path).array(), np.asarray(load_image(str(path))))
