"""What a Debian package holds (deb(5)): an `ar` archive of `debian-binary`, `control.tar.*` and `data.tar.*`.

Packages are unpacked and never configured: no script of theirs runs, so neither root nor emulation is needed.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from packager.errors import ToolError
from packager.image.entry import FILE, FOLDER, PROGRAM, Entry

MAGIC, HEADER, END = b"!<arch>\n", 60, b"`\n"
MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""What is a link into /usr on every system of today."""

LARGEST_CONTROL = 1 << 20
LARGEST = 1 << 30
"""Bytes of one file in a package; the largest that images have is an eighth of it."""


def package_entries(package: Path, part: str) -> Iterator[Entry]:
    """The files, folders and links of a package; a hard link becomes a file.

    Raises ToolError where it is no Debian package, or holds what an image cannot.
    """
    with _member(package, "data.tar") as tar:
        for member in tar:
            path = _merged(member.name.removeprefix("./").rstrip("/"))
            if path in ("", "."):
                continue
            if member.isdir():
                yield Entry(path=path, mode=FOLDER, part=part)
            elif member.issym():
                yield Entry(path=path, mode=0o777, part=part, link=member.linkname)
            elif member.isreg() or member.islnk():
                if member.size > LARGEST:
                    raise ToolError(f"{package.name} holds {path}, which is too large", remedy="leave the package out")
                file = tar.extractfile(member)
                content = file.read() if file else b""
                yield Entry(path=path, mode=PROGRAM if member.mode & 0o100 else FILE, part=part, content=content)
            else:
                raise ToolError(f"{package.name} holds {path}, which is no file", remedy="leave the package out")


def package_control(package: Path) -> bytes:
    """The paragraph that describes a package, as in dpkg's status; raises ToolError where it is no Debian package."""
    with _member(package, "control.tar") as tar:
        for member in tar:
            if member.name.removeprefix("./") == "control" and member.size <= LARGEST_CONTROL:
                file = tar.extractfile(member)
                return file.read() if file else b""
    raise ToolError(f"{package.name} does not say what it is", remedy="fetch it again")


@contextmanager
def _member(package: Path, name: str) -> Iterator[tarfile.TarFile]:
    try:
        with package.open("rb") as file:
            _seek(file, name)
            with tarfile.open(fileobj=file, mode="r:*") as tar:
                yield tar
    except (tarfile.TarError, EOFError, ValueError, OSError) as error:
        raise ToolError(f"{package.name} is no Debian package ({error})", remedy="fetch it again") from error


def _seek(file: IO[bytes], wanted: str) -> None:
    """Go to where the member with that beginning starts."""
    whole = file.seek(0, 2)
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        raise ValueError("it is no ar archive")
    while header := file.read(HEADER):
        if len(header) != HEADER or header[-2:] != END:
            raise ValueError("its ar header is damaged")
        size = int(header[48:58])
        if file.tell() + size > whole:
            raise ValueError("it is cut off")
        if header[:16].decode("ascii", "replace").startswith(wanted):
            return
        file.seek(size + size % 2, 1)
    raise ValueError(f"it has no {wanted}")


def _merged(path: str) -> str:
    """The path on a system with a merged /usr."""
    top, _, rest = path.partition("/")
    return f"usr/{path}" if top in MERGED and rest else path
