"""SHA-256 of files, read in pieces and never through a symbolic link."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20


def open_regular(path: Path) -> BinaryIO:
    """Open for reading; raises OSError where the path is a symbolic link, a device, a pipe or a folder."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(f"not a regular file: {path}")
    return os.fdopen(number, "rb")


def sha256_file(path: Path) -> str:
    """Lower-case hexadecimal SHA-256 of a regular file's contents; raises OSError where it cannot be read."""
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
