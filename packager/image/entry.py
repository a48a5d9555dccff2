"""What a layer holds: entries that say everything about a file but when it was made and whose it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.bundle import is_inside
from edge.errors import InputError

FILE, PROGRAM, FOLDER = 0o644, 0o755, 0o755


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A path in the image, relative and with `/`: a folder, a link, or a file with its `content`.

    `mode` are the permission bits. `link` is what a symbolic link says, as it stands; a file has `content`, bytes or a
    file to read, and a folder neither. `part` says which component of the image it belongs to (`python`, `numpy`).
    """

    path: str
    mode: int
    part: str
    content: bytes | Path | None = None
    link: str = ""

    def __post_init__(self) -> None:
        if not is_inside(self.path):
            raise InputError(f"{self.path!r} cannot be the name of a file in an image", remedy="remove it")

    @property
    def size(self) -> int:
        """Bytes of content."""
        if self.content is None:
            return 0
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


def entries_under(folder: Path, at: str, part: str) -> Iterator[Entry]:
    """Everything in `folder` as it will lie under the path `at`; owners, times and special bits are left behind.

    A file can be run where its owner could run it. Raises InputError for devices, sockets and pipes.
    """
    for root, folders, files in os.walk(folder):
        for name in sorted([*folders, *files]):
            source = Path(root) / name
            yield _entry(source, f"{at}/{source.relative_to(folder).as_posix()}".lstrip("/"), part)


def _entry(source: Path, path: str, part: str) -> Entry:
    mode = source.lstat().st_mode
    if stat.S_ISLNK(mode):
        return Entry(path=path, mode=0o777, part=part, link=str(source.readlink()))
    if stat.S_ISDIR(mode):
        return Entry(path=path, mode=FOLDER, part=part)
    if not stat.S_ISREG(mode):
        raise InputError(f"{source} is neither a file, a folder nor a link", remedy="remove it")
    return Entry(path=path, mode=PROGRAM if mode & stat.S_IXUSR else FILE, part=part, content=source)
