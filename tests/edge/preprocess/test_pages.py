from __future__ import annotations

import io
import subprocess
import sys
import weakref
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from edge.errors import InputError
from edge.preprocess import pages as pages_module
from edge.preprocess.budget import BYTES_A_PIXEL
from edge.preprocess.pages import pages
from tests.support.pdf_files import pdf

A4 = (595, 842)


def tiff(*images: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    images[0].save(file, "TIFF", save_all=True, append_images=images[1:], **options)
    return file.getvalue()


def colours(*names: str, size: tuple[int, int] = (8, 6)) -> list[Image.Image]:
    return [Image.new("RGB", size, name) for name in names]


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "jpeg"])
def test_a_tiff_has_all_its_pages(tmp_path: Path, compression: str) -> None:
    (tmp_path / "a.tif").write_bytes(tiff(*colours("red", "lime", "blue"), compression=compression))
    found = list(pages(tmp_path / "a.tif"))  # kept, so that no page may lose its pixels to the next
    strongest = [int(page.array()[3, 4].argmax()) for page in found]
    assert strongest == [0, 1, 2]


def test_pages_may_differ_in_size_and_mode() -> None:
    images = [Image.new("1", (5, 3), 1), Image.new("RGB", (4, 9), "red"), Image.new("L", (7, 7), 9)]
    assert [(page.width, page.height) for page in pages(tiff(*images))] == [(5, 3), (4, 9), (7, 7)]


def test_other_images_have_one_page() -> None:
    red, blue = colours("red", "blue")
    for kind in ("GIF", "WEBP", "PNG"):
        file = io.BytesIO()
        red.save(file, kind, save_all=True, append_images=[blue])
        (page,) = pages(file.getvalue())
        assert page.array()[3, 4].argmax() == 0
    assert len(list(pages(np.zeros((4, 4, 3), np.uint8)))) == 1


def test_a_page_with_too_many_pixels_is_named() -> None:
    data = tiff(*colours("red"), Image.new("RGB", (100, 100)))
    found = pages(data, max_pixels=1000)
    next(found)
    with pytest.raises(InputError, match="page 2 claims more than 1,000 pixels"):
        next(found)


def test_a_damaged_page_is_named_after_those_before_it() -> None:
    noise = [Image.effect_noise((64, 64), 90) for _ in range(2)]
    data = tiff(*noise, compression="tiff_adobe_deflate")
    with pytest.raises(InputError, match="damaged"):
        list(pages(data[: len(data) // 2]))


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_module, "MAX_PAGES", 2)
    for data in (tiff(*colours("red", "red", "red")), pdf([A4] * 3)):
        with pytest.raises(InputError, match="has 3 pages"):
            list(pages(data))


def test_a_pdf_is_drawn_at_200_dots_an_inch() -> None:
    found = list(pages(pdf([A4, (72, 144)], b"1 0 0 rg 0 0 36 72 re f")))
    assert [(page.width, page.height) for page in found] == [(1653, 2339), (200, 400)]
    assert [round(page.dpi) for page in found] == [200, 200]
    pixels = found[1].array()
    assert pixels[390, 10].tolist() == [255, 0, 0]  # the origin is at the bottom left
    assert pixels[10, 10].tolist() == [255, 255, 255]


@given(width=st.floats(1, 14_400), height=st.floats(1, 14_400), most=st.integers(10_000, 300_000))
def test_a_pdf_is_drawn_within_its_pixels(width: float, height: float, most: int) -> None:
    (page,) = pages(pdf([(width, height)]), max_pixels=most)
    assert 1 <= page.width * page.height <= most


def image_object(width: int, height: int, body: bytes) -> bytes:
    head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (
        width,
        height,
    )
    return b"100 0 obj %s/Filter/FlateDecode/Length %d>> stream\n%s\nendstream endobj" % (head, len(body), body)


def test_a_scan_is_drawn_as_finely_as_it_was_scanned() -> None:
    picture = image_object(300, 600, zlib.compress(bytes(300 * 600)))
    (page,) = pages(pdf([(72, 144)], b"q 72 0 0 144 0 0 cm /A Do Q", b"/XObject<</A 100 0 R>>", picture))
    assert (page.width, page.height) == (300, 600)


def test_a_bomb_in_a_pdf_is_refused_before_it_is_unpacked() -> None:
    picture = image_object(100_000, 100_000, zlib.compress(b""))
    with pytest.raises(InputError, match="page 1 has a picture of more than"):
        list(pages(pdf([A4], b"q 72 0 0 144 0 0 cm /A Do Q", b"/XObject<</A 100 0 R>>", picture)))


@given(share=st.floats(0.0, 1.0))
def test_a_cut_pdf_gives_pages_or_an_input_error(share: float) -> None:
    data = pdf([(72, 72)] * 3, b"1 0 0 rg 0 0 36 72 re f")
    try:
        assert len(list(pages(b"%PDF-" + data[: int(len(data) * share)], max_pixels=20_000))) <= 3
    except InputError as error:
        assert "\n" not in error.message  # noqa: PT017 (both endings are right)


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_a_page_takes_no_more_memory_than_was_reckoned(tmp_path: Path, mode: str) -> None:
    """Twelve megapixels, turned by their EXIF: copies live no longer than they must."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new(mode, (4000, 3000)).save(tmp_path / "a.jpg", exif=exif)
    script = """
import sys
from pathlib import Path
from edge.preprocess.pages import pages
def peak():  # of this program alone; what getrusage tells, it may have from the process that started it
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
for page in pages(sys.argv[1]): page.array(); del page
before = peak()
for page in pages(sys.argv[2]):
    pixels = page.array()
    del page
print(peak() - before)
"""
    Image.new(mode, (8, 8)).save(tmp_path / "small.jpg", exif=exif)
    command = [sys.executable, "-c", script, str(tmp_path / "small.jpg"), str(tmp_path / "a.jpg")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 <= BYTES_A_PIXEL * 12_000_000 + (8 << 20)


@pytest.mark.parametrize(("ink", "ground"), [("black", 255), ("white", 0), ("yellow", 0), ("navy", 255)])
def test_ink_on_transparency_stands_out(ink: str, ground: int) -> None:
    image = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    image.paste(ink, (5, 2, 9, 8))
    file = io.BytesIO()
    image.save(file, "PNG")
    (page,) = pages(file.getvalue())
    assert page.array()[0, 0].tolist() == [ground] * 3
    assert page.array()[4, 6].tolist() == np.asarray(Image.new("RGB", (1, 1), ink))[0, 0].tolist()


def test_transparency_is_turned_with_its_picture() -> None:
    image = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    image.paste("black", (0, 0, 5, 5))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    image.save(file, "PNG", exif=exif)
    (page,) = pages(file.getvalue())
    assert (page.width, page.height) == (10, 20)
    assert page.array()[2, 8].tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_page_is_its_readers_alone(kind: str, tmp_path: Path) -> None:
    """While lines are found on a page of 40 megapixels, its 160 MB are not kept a second time."""
    path = tmp_path / "page"
    Image.new("RGB", (30, 20), "red").save(path, kind)
    for page in pages(path):
        pixels = page.array()
        kept = weakref.ref(page)
        del page
        assert kept() is None
        assert pixels.shape == (20, 30, 3)
