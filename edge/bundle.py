"""Open a bundle: nothing in it is parsed before its size and digest are known to be right.

A bundle is a folder `NAME.edge/` whose `bundle.json` lists every other file (architecture: "The bundle, format 1").
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from edge.digests import open_regular, sha256_file
from edge.errors import BundleError, InputError
from edge.manifest import MANIFEST_NAME, SIGNATURE_NAME, FileEntry, Manifest, Stage

MANIFEST_LIMIT = 16 << 20
"""Bytes. A manifest is a few kilobytes; a hub model of many shards needs some hundred."""

DTYPES = frozenset({"float64", "float32", "float16", "int64", "int32", "int8", "uint8", "bool"})
"""What an input or output may be: numpy's names of what both engines have."""

UNLISTED = frozenset({MANIFEST_NAME, SIGNATURE_NAME})
REMEDY = "build or copy the bundle again"


@dataclass(frozen=True)
class Bundle:
    """An opened bundle: its folder and what its manifest says."""

    path: Path
    manifest: Manifest

    def file(self, relative: str) -> Path:
        """The path of a listed file; raises BundleError where the manifest does not list it."""
        if all(entry.path != relative for entry in self.manifest.files):
            raise BundleError(f"{self.path.name}: {relative!r} is not in the bundle", remedy=REMEDY)
        return self.path / relative


def open_bundle(path: str | os.PathLike[str]) -> Bundle:
    """Open the bundle folder at `path`, whose files are all there, whole and the only ones.

    Raises InputError where `path` is no bundle or a newer format, BundleError naming the file that is damaged, missing,
    added, a link, or that leaves the folder.
    """
    folder = Path(path)
    manifest = _parse(folder, _read_manifest(folder))
    listed = _listed(manifest)
    _check_tree(folder, listed)
    for entry in listed.values():
        _check_digest(folder, entry)
    _check_stages(manifest, listed)
    return Bundle(folder, manifest)


def _read_manifest(folder: Path) -> bytes:
    if not os.path.lexists(folder):
        raise InputError(f"{folder}: no such bundle", remedy="give the path of a NAME.edge folder")
    if not folder.is_dir():
        raise InputError(
            f"{folder}: a bundle is a folder, this is a file", remedy="give the path of a NAME.edge folder"
        )
    if not os.path.lexists(folder / MANIFEST_NAME):
        raise InputError(f"{folder}: not a bundle, it has no {MANIFEST_NAME}", remedy="make one with: packager build")
    try:
        with open_regular(folder / MANIFEST_NAME) as file:
            data = file.read(MANIFEST_LIMIT + 1)
    except OSError as error:
        raise BundleError(f"{folder.name}: {MANIFEST_NAME} cannot be read ({error})", remedy=REMEDY) from error
    if len(data) > MANIFEST_LIMIT:
        raise BundleError(f"{folder.name}: {MANIFEST_NAME} is over {MANIFEST_LIMIT >> 20} MiB", remedy=REMEDY)
    return data


def _parse(folder: Path, data: bytes) -> Manifest:
    try:
        manifest = Manifest.from_bytes(data)
    except BundleError as error:
        raise BundleError(f"{folder.name}: {error.message}", remedy=error.remedy or REMEDY) from error
    if manifest.format < 1:
        raise BundleError(f"{folder.name}: there is no format {manifest.format}", remedy=REMEDY)
    return manifest


def _listed(manifest: Manifest) -> dict[str, FileEntry]:
    listed: dict[str, FileEntry] = {}
    for entry in manifest.files:
        if not is_inside(entry.path) or entry.path in UNLISTED:
            raise BundleError(f"the manifest lists {entry.path!r}, which no bundle may hold", remedy=REMEDY)
        if entry.path in listed:
            raise BundleError(f"the manifest lists {entry.path!r} twice", remedy=REMEDY)
        listed[entry.path] = entry
    return listed


def is_inside(path: str) -> bool:
    """Whether a manifest's path is plain: relative, `/` between its parts, no `..`, nothing unprintable."""
    pure = PurePosixPath(path)
    plain = path.isprintable() and "\\" not in path and str(pure) == path
    return plain and path != "." and not pure.is_absolute() and ".." not in pure.parts


def _check_tree(folder: Path, listed: Mapping[str, FileEntry]) -> None:
    folders = {str(parent) for path in listed for parent in PurePosixPath(path).parents}
    missing = set(listed)
    for relative, found in _walk(folder, ""):
        if found.is_symlink():
            raise BundleError(f"{folder.name}: {relative!r} is a symbolic link", remedy=REMEDY)
        if found.is_dir(follow_symlinks=False):
            if relative not in folders:
                raise BundleError(f"{folder.name}: the folder {relative!r} does not belong here", remedy=REMEDY)
        elif relative not in listed:
            if relative not in UNLISTED:
                raise BundleError(f"{folder.name}: the file {relative!r} does not belong here", remedy=REMEDY)
        else:
            _check_size(folder, relative, found, listed[relative])
            missing.discard(relative)
    if missing:
        raise BundleError(f"{folder.name}: {min(missing)!r} is missing", remedy=REMEDY)


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every entry under `folder`, parents first, following no link."""
    try:
        with os.scandir(folder / prefix) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise BundleError(f"{folder.name}: {prefix or '.'!r} cannot be read ({error})", remedy=REMEDY) from error
    for entry in found:
        relative = f"{prefix}/{entry.name}" if prefix else entry.name
        yield relative, entry
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder, relative)


def _check_size(folder: Path, relative: str, found: os.DirEntry[str], entry: FileEntry) -> None:
    if not found.is_file(follow_symlinks=False):
        raise BundleError(f"{folder.name}: {relative!r} is not a regular file", remedy=REMEDY)
    size = found.stat(follow_symlinks=False).st_size
    if size != entry.size:
        raise BundleError(f"{folder.name}: {relative!r} has {size} bytes, not {entry.size}", remedy=REMEDY)


def _check_digest(folder: Path, entry: FileEntry) -> None:
    try:
        digest = sha256_file(folder / entry.path)
    except OSError as error:
        raise BundleError(f"{folder.name}: {entry.path!r} cannot be read ({error})", remedy=REMEDY) from error
    if digest != entry.sha256:
        raise BundleError(f"{folder.name}: {entry.path!r} is damaged, its SHA-256 differs", remedy=REMEDY)


def _check_stages(manifest: Manifest, listed: Mapping[str, FileEntry]) -> None:
    names = [stage.name for stage in manifest.stages]
    if not names or len(set(names)) != len(names):
        raise BundleError(f"the bundle's stages {names} are none or share a name", remedy=REMEDY)
    for stage in manifest.stages:
        specs = (*stage.inputs, *stage.outputs)
        if not stage.inputs or not stage.outputs or any(spec.dtype not in DTYPES for spec in specs):
            raise BundleError(f"stage {stage.name!r} lacks inputs or outputs of a known dtype", remedy=REMEDY)
        for relative in _files_of(stage):
            if relative not in listed:
                raise BundleError(f"stage {stage.name!r} needs {relative!r}, which is not listed", remedy=REMEDY)
    for page in manifest.pages:
        if page.image not in listed:
            raise BundleError(f"the golden page {page.image!r} is not listed", remedy=REMEDY)


def _files_of(stage: Stage) -> Iterator[str]:
    """What a stage refers to; a step names its file in the option `file`."""
    yield from (artifact.file for artifact in stage.artifacts)
    yield from stage.golden
    for step in (*stage.preprocess, *stage.postprocess):
        if "file" in step.options:
            yield str(step.options["file"])
