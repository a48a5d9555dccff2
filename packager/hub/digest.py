"""SHA-256 of a model's files, and of the model as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from edge.manifest import FileEntry
from packager.errors import SourceError

_CHUNK = 1 << 20


def digest_file(path: Path, name: str) -> FileEntry:
    """Size and SHA-256 of one file; raises SourceError where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror})", remedy="check its rights") from error
    return FileEntry(path=name, size=size, sha256=digest.hexdigest())


def digest_all(files: Iterable[FileEntry]) -> str:
    """The digest of a folder's contents: SHA-256 over the lines `SHA256 SIZE PATH` in the order of the paths."""
    lines = (f"{one.sha256} {one.size} {one.path}\n" for one in sorted(files, key=lambda one: one.path))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
