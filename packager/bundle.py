"""Writes a bundle: beside its final name, checked by the device's own reader, then renamed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from edge.bundle import UNLISTED, Bundle, is_inside, open_bundle
from edge.errors import EnvironmentLackError, InputError
from edge.manifest import MANIFEST_NAME, FileEntry, Manifest
from edge.whole_file import sync_folder
from packager.room import NO_ROOM

FILE_MODE = 0o644
FOLDER_MODE = 0o755
PIECE = 1 << 20


def refuse_existing(out: Path) -> None:
    """Raises InputError where something has the output's name already; call it before the work starts."""
    if os.path.lexists(out):
        raise InputError(f"{out} exists already", remedy="remove it or give another name with -o")


def write_bundle(out: Path, manifest: Manifest, files: Mapping[str, Path | bytes]) -> Bundle:
    """Write the folder `out` with the files by their path in the bundle, and a manifest whose `files` lists them.

    The same arguments give the same bytes and modes. Raises InputError where `out` exists or cannot be written,
    EnvironmentLackError where the disk is full, BundleError where the device's reader refuses the result; in all cases
    nothing is left under the final name, and nothing beside it.
    """
    refuse_existing(out)
    bad = [path for path in files if not is_inside(path) or path in UNLISTED]
    if bad:
        raise InputError(f"{bad[0]!r} cannot be the name of a file in a bundle", remedy="use a plain relative path")
    with _translated(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=out.parent))
    try:
        with _translated(out):
            entries = tuple(_write(partial, path, files[path]) for path in sorted(files))
            _write(partial, MANIFEST_NAME, replace(manifest, files=entries).to_bytes())
            for folder in [partial, *(entry for entry in partial.rglob("*") if entry.is_dir())]:
                folder.chmod(FOLDER_MODE)
                sync_folder(folder)
        checked = open_bundle(partial)
        refuse_existing(out)
        with _translated(out):
            partial.rename(out)
            sync_folder(out.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return Bundle(out, checked.manifest)


def _write(folder: Path, relative: str, content: Path | bytes) -> FileEntry:
    target = folder / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    with target.open("xb") as file:
        for piece in _pieces(content):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
        file.flush()
        os.fchmod(file.fileno(), FILE_MODE)
        os.fsync(file.fileno())
    return FileEntry(path=relative, size=size, sha256=digest.hexdigest())


def _pieces(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    source: BinaryIO
    with content.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


@contextmanager
def _translated(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise EnvironmentLackError(
                f"no room left to write {out}", remedy="free some space or write to another disk with -o"
            ) from error
        raise InputError(f"{out} cannot be written ({error})", remedy="give another name with -o") from error
