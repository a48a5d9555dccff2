"""What SOURCE means: a folder on this machine, or a repository on a hub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packager.errors import SourceError

SCHEME = "hf://"
DEFAULT_REVISION = "main"
COMMIT = re.compile(r"[0-9a-f]{40}")

# Names of branches, tags and pull requests (refs/pr/1). A part that starts with a dot would walk through the cache.
_REVISION = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)
_REVISION_LENGTH = 200


@dataclass(frozen=True)
class Repository:
    """A repository on a hub; `revision` is a branch, a tag or a commit."""

    name: str
    revision: str

    @property
    def label(self) -> str:
        """The repository as the user may type it."""
        return f"{SCHEME}{self.name}@{self.revision}"


def parse(source: str, revision: str | None) -> Path | Repository:
    """Read SOURCE: a path that exists wins over a hub name, and `./x`, `../x`, `/x` and `~` are always paths.

    Raises SourceError where it is neither, or where two revisions are given.
    """
    if not source or "\0" in source:
        raise SourceError("the source is empty", remedy="give a folder, or a repository as org/name")
    if not source.startswith(SCHEME):
        path = Path(source).expanduser()
        if source.startswith((".", "/", "~")) or path.exists():
            return path
    name, _, stated = source.removeprefix(SCHEME).partition("@")
    if "/" not in name and not source.startswith(SCHEME):
        raise SourceError(
            f"there is no folder or file {source!r}, and a hub repository is written org/name",
            remedy=f"check the path, or write {SCHEME}{source}",
        )
    if stated and revision and stated != revision:
        raise SourceError(f"two revisions are given, {stated!r} and {revision!r}", remedy="give one of them")
    return Repository(name, check_revision(stated or revision or DEFAULT_REVISION))


def check_revision(revision: str) -> str:
    """The revision, if it can be the name of a branch, a tag or a commit; raises SourceError otherwise."""
    if not _REVISION.fullmatch(revision) or len(revision) > _REVISION_LENGTH or ".." in revision:
        raise SourceError(f"{revision!r} cannot be a revision", remedy="give a branch, a tag or a 40-digit commit")
    return revision
