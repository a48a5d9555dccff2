"""Image files to pixels: the one module that imports Pillow.

An image is hostile until its header was read: the format comes from its first bytes, must be on a short list, and the
size that the header claims is bounded before any pixel is decoded. Decoding follows transformers' `load_image`: the
EXIF orientation is applied, then `convert("RGB")`. So grey is repeated, a palette is looked up, transparency is
*dropped* and not composited, CMYK is converted as Pillow does (Adobe's inverted JPEG included). One difference is
deliberate: 16-bit grey is scaled by 1/257 where Pillow clips it at 255. (transformers' processors called on an opened
image neither rotate nor drop transparency; a photograph should be the right way up, so we always do.)
"""

from __future__ import annotations

import importlib
import io
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from edge.errors import EnvironmentLackError, InputError
from edge.machine import usable_memory

ImageSource = str | os.PathLike[str] | bytes | BinaryIO | NDArray[np.uint8]
Mode = Literal["L", "RGB"]

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
MAX_BYTES = 256 * 1024 * 1024
MAX_PIXELS = 64 * 1024 * 1024
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
    """Decoded pixels, 8 bits in one (`L`) or three (`RGB`) channels. They stay with Pillow until `array()` asks."""

    image: Any

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
        pixels: NDArray[np.uint8] = np.asarray(self.image)
        return pixels[:, :, None] if pixels.ndim == 2 else pixels


def decode(source: ImageSource, *, mode: Mode = "RGB", max_pixels: int | None = None, name: str = "") -> Picture:
    """Decode a path, encoded bytes, a binary file object or an array (uint8, height x width x 3) into a Picture.

    `mode` is the channels that the model wants; `max_pixels` bounds height x width (default: 64 Mi pixels, fewer where
    memory is small; never over Pillow's own 89 million). Raises InputError for anything that is not a sound image.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source, mode, name or "the array")
    label, data = _read(source, name)
    with warnings.catch_warnings():
        # Pillow warns of damage that it can live with; its bomb is ours to refuse. Only for this call: an application
        # around us keeps its own filters.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", _pillow().DecompressionBombWarning)
        image = _open(label, data, max_pixels or default_max_pixels())
        return Picture(_translating(label, lambda: _converted(_upright(_loaded(image)), mode, label)))


@cache
def default_max_pixels() -> int:
    """64 Mi pixels, or one for every 32 bytes of memory that this process may use where that is less."""
    memory = usable_memory()
    return min(MAX_PIXELS, memory // BYTES_A_PIXEL) if memory else MAX_PIXELS


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError as error:
        raise EnvironmentLackError("Pillow is not installed", remedy="pip install pillow") from error
    return Image


def _from_array(array: NDArray[Any], mode: Mode, label: str) -> Picture:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or 0 in array.shape:
        raise InputError(
            f"{label} is {array.dtype} {array.shape}, not an image", remedy="give uint8 of shape (height, width, 3)"
        )
    image = _pillow().fromarray(np.ascontiguousarray(array))
    return Picture(image if mode == "RGB" else image.convert(mode))


def _read(source: str | os.PathLike[str] | bytes | BinaryIO, name: str) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        label, data = name or "the image", source
    elif isinstance(source, str | os.PathLike):
        label = name or os.fspath(source)
        data = _read_file(label, Path(source))
    else:
        label = name or str(getattr(source, "name", "the image"))
        data = source.read(MAX_BYTES + 1)
    if not data:
        raise InputError(f"{label} is empty", remedy="give an image file")
    if len(data) > MAX_BYTES:
        raise InputError(f"{label} has more than {MAX_BYTES >> 20} MB", remedy="give a smaller image")
    return label, data


def _read_file(label: str, path: Path) -> bytes:
    if not path.exists():
        raise InputError(f"{label} does not exist", remedy="check the path")
    if not path.is_file():
        raise InputError(f"{label} is not a regular file", remedy="give an image file")
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{label} cannot be read ({error.strerror})", remedy="check its permissions") from error


def _sniff(label: str, data: bytes) -> tuple[str, str]:
    for signature, kind, module in _SIGNATURES:
        if data.startswith(signature):
            return kind, module
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP", "WebPImagePlugin"
    raise InputError(f"{label} is not an image that is read here", remedy="give JPEG, PNG, WebP, BMP, GIF or TIFF")


def _open(label: str, data: bytes, max_pixels: int) -> Any:
    """Read the header; no pixel is decoded and no memory for pixels taken."""
    kind, module = _sniff(label, data)
    pillow = _pillow()
    importlib.import_module(f"PIL.{module}")
    too_big = InputError(f"{label} claims more than {max_pixels:,} pixels", remedy="give a smaller image")
    try:
        image = _translating(label, lambda: pillow.open(io.BytesIO(data), formats=(kind,)))
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning) as error:
        raise too_big from error
    if image.width * image.height > max_pixels:
        raise too_big
    return image


def _translating(label: str, act: Callable[[], Any]) -> Any:
    """Run a decoder on hostile bytes. Pillow's plugins raise a dozen kinds of error for damage; all mean the same."""
    pillow = _pillow()
    try:
        return act()
    except (InputError, pillow.DecompressionBombError, pillow.DecompressionBombWarning):
        raise
    except MemoryError as error:
        raise InputError(f"{label} needs more memory than there is", remedy="give a smaller image") from error
    except pillow.UnidentifiedImageError as error:  # its message shows an address in memory
        raise InputError(f"{label} is a damaged image (its header)", remedy="copy or export it again") from error
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{label} is a damaged image ({reason})", remedy="copy or export it again") from error


def _loaded(image: Any) -> Any:
    image.load()
    return image


def _upright(image: Any) -> Any:
    try:
        orientation = image.getexif().get(_ORIENTATION)
    except Exception:  # noqa: BLE001 (damaged EXIF raises anything; the pixels are sound and stay as they are)
        return image
    method = _TRANSPOSE.get(orientation) if isinstance(orientation, int) else None
    return image.transpose(getattr(_pillow().Transpose, method)) if method else image


def _converted(image: Any, mode: Mode, label: str) -> Any:
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in {"PNG", None}):
        image = _eight_bits(image)
    elif image.mode in {"I", "F"}:
        raise InputError(f"{label} has 32 bits a pixel", remedy="export it with 8 or 16 bits")
    elif image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")  # the same colours as a direct conversion, without its warning
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Any) -> Any:
    wide = np.asarray(image).astype(np.uint32)
    return _pillow().fromarray(((wide + 128) // 257).astype(np.uint8))
