"""A layer: a compressed tar whose bytes follow from its entries alone.

Layers are OCI Image Layer Filesystem Changesets (image-spec 1.1, layer.md). Their diffID is the digest of the tar, the
same for the same entries on every host; the digest of the compressed file also follows from the compressor, which is a
pinned package and never the host's.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from packager.image.entry import FOLDER, Entry

GZIP_LEVEL, ZSTD_LEVEL = 9, 19
GZIP_FORMAT = 31
"""The largest window, with a header without a time or a name."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer in the file `file`: `size` bytes with the SHA-256 `digest`, and `diff_id`, that of the tar within.

    `created_by` is what the image's history says of it, `parts` has the bytes of files by component.
    """

    file: Path
    media_type: str
    digest: str
    diff_id: str
    size: int
    unpacked: int
    created_by: str
    parts: Mapping[str, int]


@dataclass(frozen=True)
class Compression:
    """`media_type` of the layers, and what makes a compressor."""

    media_type: str
    compressor: Callable[[], Any]


def _gzip() -> Any:
    from zlib_ng import zlib_ng

    return zlib_ng.compressobj(GZIP_LEVEL, zlib_ng.DEFLATED, GZIP_FORMAT)


def _zstd() -> Any:
    import zstandard

    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()


MEDIA = "application/vnd.oci.image.layer.v1.tar"
COMPRESSIONS: Mapping[str, Compression] = {
    "gzip": Compression(f"{MEDIA}+gzip", _gzip),
    "zstd": Compression(f"{MEDIA}+zstd", _zstd),
}


def write_layer(entries: Iterable[Entry], out: Path, compression: str, *, epoch: int, created_by: str) -> Layer:
    """Write the layer file `out`; `epoch` is the time of every entry in seconds since 1970.

    Of two entries with one path the later wins. Folders that no entry names are made. Raises OSError.
    """
    chosen = COMPRESSIONS[compression]
    parts: dict[str, int] = {}
    with out.open("wb") as file:
        packed = _Hashed(file.write)
        compressor = chosen.compressor()
        plain = _Hashed(lambda data: packed.write(compressor.compress(data)))
        with tarfile.open(fileobj=cast("IO[bytes]", plain), mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for entry in _ordered(entries):
                _add(tar, entry, epoch)
                parts[entry.part] = parts.get(entry.part, 0) + entry.size
        packed.write(compressor.flush())
    return Layer(
        file=out,
        media_type=chosen.media_type,
        digest=packed.digest,
        diff_id=plain.digest,
        size=packed.size,
        unpacked=plain.size,
        created_by=created_by,
        parts={part: size for part, size in sorted(parts.items()) if size},
    )


class _Hashed:
    """Where bytes go through, and are counted and digested."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write, self._hash, self.size = write, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self._write(data)
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    @property
    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"


def _ordered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """By path, so that a folder comes before what is in it, whatever the order on the disk."""
    known = {entry.path: entry for entry in entries}
    for path, entry in list(known.items()):
        parts = path.split("/")
        for length in range(1, len(parts)):
            above = "/".join(parts[:length])
            known.setdefault(above, Entry(path=above, mode=FOLDER, part=entry.part))
    for path in sorted(known, key=lambda path: path.split("/")):
        yield known[path]


def _add(tar: tarfile.TarFile, entry: Entry, epoch: int) -> None:
    told = tarfile.TarInfo(entry.path)
    told.mtime, told.mode = epoch, entry.mode
    if entry.link:
        told.type, told.linkname = tarfile.SYMTYPE, entry.link
        tar.addfile(told)
    elif entry.content is None:
        told.type = tarfile.DIRTYPE
        tar.addfile(told)
    elif isinstance(entry.content, bytes):
        told.size = len(entry.content)
        tar.addfile(told, io.BytesIO(entry.content))
    else:
        told.size = entry.size
        with entry.content.open("rb") as file:
            tar.addfile(told, file)
