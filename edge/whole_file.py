"""Files that are there whole or not at all: written beside their name, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from edge.errors import EnvironmentLackError, InputError


def check_place(path: Path) -> None:
    """Raises InputError where no file can get that name: to be asked before the work is done that would fill it."""
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path.parent} is no folder", remedy="create it first")
    if path.is_dir():
        raise InputError(f"{path} is a folder", remedy="give a file's name")


def refused(path: Path, error: OSError) -> EnvironmentLackError:
    """What the disk refused, as an error for users."""
    return EnvironmentLackError(
        f"{path} cannot be written ({error.strerror})", remedy="check the space and rights of its folder"
    )


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows which files are in a folder; raises OSError."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which gets its name once the block has ended without an error.

    Raises EnvironmentLackError where the disk refuses.
    """
    beside = ""
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
        ) as file:
            beside = file.name
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except OSError as error:
        raise refused(path, error) from error
    finally:
        with suppress(OSError):
            Path(beside).unlink()
