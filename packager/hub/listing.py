"""Files of a model, wherever they lie: names that are known, contents that are fetched when asked for."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from packager.errors import SourceError
from packager.hub.address import COMMIT

SHA256 = re.compile(r"[0-9a-f]{64}")

# Far above any repository in the Hugging Face layout; a home folder given by mistake is noticed.
MOST_FILES = 10_000


class Listing(Protocol):
    """A model's files."""

    @property
    def label(self) -> str:
        """What the user knows the model by, for messages."""

    @property
    def names(self) -> frozenset[str]:
        """Paths relative to the model's folder, with `/`."""

    @property
    def folder(self) -> Path:
        """The folder on this machine that holds what was fetched."""

    def get(self, name: str) -> Path:
        """The file on this machine, fetched where that is needed; raises SourceError or HubError."""

    def stated_sha256(self, name: str) -> str:
        """The SHA-256 that the hub states for the file; empty where it states none."""


class FolderListing:
    """A folder on this machine: its files and those one level below.

    Links are followed where they end inside the folder. A snapshot in Hugging Face's own cache consists of links into
    the blobs beside it, so those are followed too; any other link that leaves the folder is refused, because a folder
    from a stranger could otherwise put /etc/shadow into a bundle.
    """

    def __init__(self, folder: Path, *, label: str) -> None:
        """List `folder`; raises SourceError where it is no folder, cannot be read or is too large to be a model."""
        self.label = label
        try:
            self.folder = folder.resolve(strict=True)
            if not self.folder.is_dir():
                raise SourceError(f"{folder} is not a folder", remedy="give the folder that holds config.json")
            self.names = frozenset(_names(self.folder, self.label))
        except OSError as error:
            raise SourceError(f"{folder} cannot be read ({error.strerror})", remedy="check the path") from error
        self._roots = (self.folder, *_blob_folders(self.folder))

    def get(self, name: str) -> Path:
        """The file, if it is a regular one that lies in the folder."""
        return _regular(self.folder / name, self._roots)

    def stated_sha256(self, name: str) -> str:
        """Hugging Face's cache names the blob of a large file by the SHA-256 that the hub stated."""
        path = self.folder / name
        blob = path.readlink().name if len(self._roots) > 1 and path.is_symlink() else ""
        return blob if SHA256.fullmatch(blob) else ""


class FileListing:
    """A file on this machine and those beside it that belong to it.

    The file itself may be a link, since the user names it; those that it names must lie in its folder.
    """

    def __init__(self, path: Path, companions: Sequence[str]) -> None:
        self.label = str(path)
        self.folder = path.parent.resolve()
        self.names = frozenset({path.name, *companions})
        self._main = path.name

    def get(self, name: str) -> Path:
        """The file, if it is a regular one, in the folder unless it is the first."""
        path = self.folder / name
        return _regular(path, (path.resolve() if name == self._main else self.folder,))

    def stated_sha256(self, name: str) -> str:  # noqa: ARG002 (nobody states one)
        """Nothing."""
        return ""


def _regular(path: Path, roots: Sequence[Path]) -> Path:
    """The path, if it is a regular file that lies below one of the roots; raises SourceError otherwise."""
    try:
        target = path.resolve(strict=True)
        regular = stat.S_ISREG(target.stat().st_mode)
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror})", remedy="copy the model again") from error
    if not any(target.is_relative_to(root) for root in roots):
        raise SourceError(f"{path} is a link that leaves the model's folder", remedy="copy the file into the folder")
    if not regular:
        raise SourceError(f"{path} is not a regular file", remedy="copy the model again")
    return path


def _names(folder: Path, label: str) -> list[str]:
    found: list[str] = []
    for inside in ("", *_subfolders(folder)):
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                if not entry.is_dir():
                    found.append(f"{inside}{entry.name}")
                if len(found) > MOST_FILES:
                    raise SourceError(
                        f"{label} holds too many files to be a model", remedy="give the model's own folder"
                    )
    return found


def _subfolders(folder: Path) -> list[str]:
    """Folders directly below, as `NAME/`; hidden ones and links are left alone."""
    with os.scandir(folder) as entries:
        return [f"{one.name}/" for one in entries if one.is_dir(follow_symlinks=False) and one.name[0] != "."]


def _blob_folders(folder: Path) -> tuple[Path, ...]:
    """Where links of CACHE/models--org--name/snapshots/COMMIT may end: its blobs, and those that repositories share."""
    model = folder.parent.parent
    if folder.parent.name != "snapshots" or not COMMIT.fullmatch(folder.name) or not model.name.startswith("models--"):
        return ()
    return (model / "blobs", model.parent / "blobs")
