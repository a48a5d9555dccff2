"""Image files to pixels.

An image is hostile until its header was read: the format comes from its first bytes, must be on a short list, and the
size that the header claims is bounded before any pixel is decoded. Decoding follows transformers' `load_image`: the
EXIF orientation is applied, then `convert("RGB")`. So grey is repeated, a palette is looked up, transparency is
*dropped* and not composited, CMYK is converted as Pillow does (Adobe's inverted JPEG included). One difference is
deliberate: 16-bit grey is scaled by 1/257 where Pillow clips it at 255. (transformers' processors called on an opened
image neither rotate nor drop transparency; a photograph should be the right way up, so we always do.)
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from edge.errors import InputError
from edge.machine import usable_memory
from edge.preprocess.encoded import Encoded, opened
from edge.preprocess.pillow import pillow
from edge.preprocess.transparency import on_ground

ImageSource = str | os.PathLike[str] | bytes | BinaryIO | NDArray[np.uint8]
Mode = Literal["L", "RGB"]
T = TypeVar("T")

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
MAX_PIXELS = 64 * 1024 * 1024
MAX_DPI = 4800
STRIP = 1 << 20  # pixels that are copied at once
BYTES_A_PIXEL = 32  # what one pixel may cost while decoding, with a margin for the rest of the process

FILTERS: Mapping[str, int] = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}
"""Resampling filters by name; the numbers are Pillow's (and those in `preprocessor_config.json`)."""

# First bytes to (format, Pillow's module): importing one decoder instead of all saves 50 ms.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "JPEG", "JpegImagePlugin"),
    (b"\x89PNG\r\n\x1a\n", "PNG", "PngImagePlugin"),
    (b"BM", "BMP", "BmpImagePlugin"),
    (b"GIF8", "GIF", "GifImagePlugin"),
    (b"II*\0", "TIFF", "TiffImagePlugin"),
    (b"MM\0*", "TIFF", "TiffImagePlugin"),
)
_ORIENTATION = 0x0112
_TRANSPOSE = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


@dataclass(frozen=True, eq=False)
class Picture:
    """Decoded pixels, 8 bits in one (`L`) or three (`RGB`) channels. They stay with Pillow until `array()` asks.

    `dpi` is how many of its pixels are an inch, as its file says, or 0.
    """

    image: Any
    dpi: float = 0.0

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.image.height)

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.image.width)

    def resized(self, height: int, width: int, filter_name: str) -> Picture:
        """Pillow's resize: antialiased when it shrinks, rounded to 8 bits. Expects a bounded size of at least 1 x 1."""
        return Picture(self.image.resize((width, height), FILTERS[filter_name]))

    def window(self, top: int, left: int, height: int, width: int) -> Picture:
        """A rectangle that may reach over the edges; what lies outside is zero."""
        return Picture(self.image.crop((left, top, left + width, top + height)))

    def array(self) -> NDArray[np.uint8]:
        """Pixels as uint8, shape (height, width, channels)."""
        if self.height * self.width <= STRIP:
            return self._pixels(0, self.height)
        # Pillow hands pixels over through two more copies; of a strip they are small.
        rows = max(STRIP // self.width, 1)
        out = np.empty((self.height, self.width, len(self.image.getbands())), np.uint8)
        for top in range(0, self.height, rows):
            out[top : top + rows] = self._pixels(top, min(top + rows, self.height))
        return out

    def _pixels(self, top: int, bottom: int) -> NDArray[np.uint8]:
        whole = (top, bottom) == (0, self.height)
        pixels: NDArray[np.uint8] = np.asarray(self.image if whole else self.image.crop((0, top, self.width, bottom)))
        return pixels[:, :, None] if pixels.ndim == 2 else pixels


def decode(source: ImageSource, *, mode: Mode = "RGB", max_pixels: int | None = None, name: str = "") -> Picture:
    """Decode a path, encoded bytes, a binary file object or an array (uint8, height x width x 3) into a Picture.

    `mode` is the channels that the model wants; `max_pixels` bounds height x width (default: 64 Mi pixels, fewer where
    memory is small; never over Pillow's own 89 million). Raises InputError for anything that is not a sound image.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source, mode, name or "the array")
    with opened(source, name) as encoded, quiet():
        image = open_image(encoded, max_pixels or default_max_pixels())
        return finished(image, mode, encoded.label)


@contextmanager
def quiet() -> Iterator[None]:
    """Pillow warns of damage that it can live with; its bomb is ours to refuse.

    Only for a block: an application around us keeps its own filters.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", pillow().DecompressionBombWarning)
        yield


def finished(image: Any, mode: Mode, label: str, *, opaque: bool = False) -> Picture:
    """Decode the pixels of what `open_image` opened; raises InputError where they are damaged.

    Where `opaque`, what is transparent gets a ground that the rest stands out from.
    """
    dpi = _dpi(image)

    def pixels() -> Any:
        found = _loaded(image)
        steps: list[Callable[[Any], Any]] = [_upright, on_ground] if opaque else [_upright]
        steps.append(lambda one: _converted(one, mode, label))
        for step in steps:
            made = step(found)
            if made is not found:  # whoever holds it, its pixels are needed no more
                pillow().Image.close(found)
            found = made
        return found

    return Picture(translating(label, pixels), dpi)


@cache
def default_max_pixels() -> int:
    """64 Mi pixels, or one for every 32 bytes of memory that this process may use where that is less."""
    memory = usable_memory()
    return min(MAX_PIXELS, memory // BYTES_A_PIXEL) if memory else MAX_PIXELS


def _from_array(array: NDArray[Any], mode: Mode, label: str) -> Picture:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or 0 in array.shape:
        raise InputError(
            f"{label} is {array.dtype} {array.shape}, not an image", remedy="give uint8 of shape (height, width, 3)"
        )
    image = pillow().fromarray(np.ascontiguousarray(array))
    return Picture(image if mode == "RGB" else image.convert(mode))


def _sniff(label: str, data: bytes) -> tuple[str, str]:
    for signature, kind, module in _SIGNATURES:
        if data.startswith(signature):
            return kind, module
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP", "WebPImagePlugin"
    raise InputError(f"{label} is not an image that is read here", remedy="give JPEG, PNG, WebP, BMP, GIF or TIFF")


def open_image(encoded: Encoded, max_pixels: int) -> Any:
    """Read the header; no pixel is decoded and no memory for pixels taken.

    Raises InputError for what is no image and for one that claims more than `max_pixels`. Call it where it is `quiet`.
    """
    kind, module = _sniff(encoded.label, encoded.head)
    library = pillow()
    pillow(module)
    image = translating(encoded.label, lambda: library.open(encoded.file, formats=(kind,)), max_pixels)
    check_size(encoded.label, image, max_pixels)
    return image


def check_size(label: str, image: Any, max_pixels: int) -> None:
    """Raises InputError where the header claims more than `max_pixels`."""
    if image.width * image.height > max_pixels:
        raise _too_big(label, max_pixels)


def _too_big(label: str, max_pixels: int) -> InputError:
    return InputError(f"{label} claims more than {max_pixels:,} pixels", remedy="give a smaller image")


def translating(label: str, act: Callable[[], T], max_pixels: int = MAX_PIXELS) -> T:
    """Run a decoder on hostile bytes. Pillow's plugins raise a dozen kinds of error for damage; all mean the same."""
    library = pillow()
    try:
        return act()
    except InputError:
        raise
    except (library.DecompressionBombError, library.DecompressionBombWarning) as error:
        raise _too_big(label, max_pixels) from error
    except MemoryError as error:
        raise InputError(f"{label} needs more memory than there is", remedy="give a smaller image") from error
    except library.UnidentifiedImageError as error:  # its message shows an address in memory
        raise InputError(f"{label} is a damaged image (its header)", remedy="copy or export it again") from error
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{label} is a damaged image ({reason})", remedy="copy or export it again") from error


def _loaded(image: Any) -> Any:
    image.load()
    return image


def _dpi(image: Any) -> float:
    try:
        across, down = (float(one) for one in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 0.0
    return across if 1 <= across <= MAX_DPI and abs(across - down) < 1 else 0.0


def _upright(image: Any) -> Any:
    try:
        orientation = image.getexif().get(_ORIENTATION)
    except Exception:  # noqa: BLE001 (damaged EXIF raises anything; the pixels are sound and stay as they are)
        return image
    method = _TRANSPOSE.get(orientation) if isinstance(orientation, int) else None
    return image.transpose(getattr(pillow().Transpose, method)) if method else image


def _converted(image: Any, mode: Mode, label: str) -> Any:
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in {"PNG", None}):
        image = _eight_bits(image)
    elif image.mode in {"I", "F"}:
        raise InputError(f"{label} has 32 bits a pixel", remedy="export it with 8 or 16 bits")
    elif image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")  # the same colours as a direct conversion, without its warning
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Any) -> Any:
    rows = max(STRIP // image.width, 1)
    out = np.empty((image.height, image.width), np.uint8)
    for top in range(0, image.height, rows):
        wide = np.asarray(image.crop((0, top, image.width, min(top + rows, image.height)))).astype(np.uint32)
        out[top : top + rows] = (wide + 128) // 257
    return pillow().fromarray(out)
