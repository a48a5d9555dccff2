"""A file as it was given, before it is known to be sound: its name in messages, its bytes, its first bytes."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from edge.errors import InputError

MAX_BYTES = 256 * 1024 * 1024
HEAD = 1024


@dataclass(frozen=True, eq=False)
class Encoded:
    """`file` can seek and stands at its beginning; `head` is its first kilobyte."""

    label: str
    file: BinaryIO
    head: bytes


@contextmanager
def opened(source: str | os.PathLike[str] | bytes | BinaryIO, name: str = "") -> Iterator[Encoded]:
    """A path, bytes or a binary file object, open for as long as the block lasts.

    A file on disk is not read as a whole: what decodes it reads what it needs. Raises InputError where it is missing,
    empty, no regular file or over 256 MiB.
    """
    if isinstance(source, bytes):
        label, file = name or "the image", io.BytesIO(source)
    elif isinstance(source, str | os.PathLike):
        label = name or os.fspath(source)
        with _file(label, Path(source)) as opened_file:
            yield _checked(label, opened_file, os.fstat(opened_file.fileno()).st_size)
        return
    else:
        label, file = name or str(getattr(source, "name", "the image")), io.BytesIO(source.read(MAX_BYTES + 1))
    yield _checked(label, file, file.getbuffer().nbytes)


def _file(label: str, path: Path) -> BinaryIO:
    if not path.exists():
        raise InputError(f"{label} does not exist", remedy="check the path")
    if not path.is_file():
        raise InputError(f"{label} is not a regular file", remedy="give an image file")
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{label} cannot be read ({error.strerror})", remedy="check its permissions") from error


def _checked(label: str, file: BinaryIO, size: int) -> Encoded:
    if not size:
        raise InputError(f"{label} is empty", remedy="give an image file")
    if size > MAX_BYTES:
        raise InputError(f"{label} has more than {MAX_BYTES >> 20} MB", remedy="give a smaller file")
    try:
        head = file.read(HEAD)
    except OSError as error:
        raise InputError(f"{label} cannot be read ({error.strerror})", remedy="check its disk") from error
    file.seek(0)
    return Encoded(label, file, head)
