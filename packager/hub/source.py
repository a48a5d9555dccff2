"""From what the user typed to files on this machine that are pinned, digested, licensed and safe to load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from edge.manifest import FileEntry, Licence, SourceEntry
from packager.errors import SourceError
from packager.hub import needed, paddle, remote
from packager.hub.address import Repository, parse
from packager.hub.config import read_config
from packager.hub.digest import digest_all, digest_file
from packager.hub.licence import decide, licence_bytes
from packager.hub.listing import FolderListing, Listing
from packager.hub.weights import check_weights

Kind = Literal["huggingface", "folder", "paddle"]


@dataclass(frozen=True)
class Source:
    """A model's files on this machine.

    `kind` is `huggingface` (a hub), `folder` (the same layout on this machine) or `paddle` (an inference model).
    `repository` is org/name or the folder's name, `revision` a commit of 40 hex digits or the digest of the folder's
    contents (64), `files` every input file that is used, sorted by path, relative to `folder`.
    """

    kind: Kind
    repository: str
    revision: str
    folder: Path
    files: tuple[FileEntry, ...]
    licence: Licence

    def entry(self) -> SourceEntry:
        """What the manifest says about it."""
        return SourceEntry(
            kind=self.kind,
            repository=self.repository,
            revision=self.revision,
            licence=self.licence,
            files=self.files,
        )


def resolve(
    source: str,
    *,
    revision: str | None = None,
    offline: bool = False,
    allow_licences: Sequence[str] = (),
    progress: bool = True,
) -> Source:
    """Find SOURCE, fetch what is needed, and check it before anything loads it.

    SOURCE is a folder in the Hugging Face layout, a folder with a Paddle inference model, `org/name` or
    `hf://org/name@revision`. `offline` (or HF_HUB_OFFLINE) uses the cache and opens no socket. The licence is judged
    before weights are fetched. For a folder, `revision` must be the digest of its contents.
    Raises SourceError, LicenceError, HubError or EnvironmentLackError.
    """
    address = parse(source, revision)
    if isinstance(address, Path):
        return _from_folder(address, revision, allow_licences)
    remote.check_name(address)
    return _from_hub(address, allow_licences, offline=offline or remote.is_offline(), progress=progress)


def licence_text(source: Source) -> bytes:
    """The bundle's LICENSE: the model's own text, or else the line that names its SPDX identifier."""
    return licence_bytes(source.licence, _licence_files(source))


def _from_folder(path: Path, revision: str | None, allowed: Sequence[str]) -> Source:
    if path.is_file():
        raise SourceError(f"{path} is a file", remedy="give the folder that holds the model; ONNX files come later")
    listing = FolderListing(path, label=str(path))
    is_paddle = paddle.is_paddle(listing.names) and not needed.has_weights(listing.names)
    names, licence = (_paddle if is_paddle else _huggingface)(listing, allowed)
    files = _digested(listing, names)
    digest = digest_all(files)
    if revision and revision != digest:
        raise SourceError(f"{path} has the content {digest}, not {revision}", remedy="leave --revision out")
    kind: Kind = "paddle" if is_paddle else "folder"
    return Source(kind, listing.folder.name, digest, listing.folder, files, licence)


def _from_hub(repository: Repository, allowed: Sequence[str], *, offline: bool, progress: bool) -> Source:
    listing = remote.CachedListing(repository) if offline else remote.RemoteListing(repository, progress=progress)
    names, licence = _huggingface(listing, allowed)
    files = _digested(listing, names)
    return Source("huggingface", repository.name, listing.revision, listing.folder, files, licence)


def _huggingface(listing: Listing, allowed: Sequence[str]) -> tuple[list[str], Licence]:
    """The files needed and the licence; the small files come first, so that a refusal costs no download of weights."""
    if needed.CONFIG not in listing.names:
        if needed.OLD_NETWORK in listing.names:
            raise SourceError(
                f"{listing.label} keeps its network in a folder of its own, as old sentence-transformers did",
                remedy="save it again with a newer one: SentenceTransformer(MODEL).save(FOLDER), and build that folder",
            )
        raise SourceError(
            f"{listing.label} is not a model folder: it has no {needed.CONFIG}",
            remedy="give a folder written by save_pretrained, or one with a .pdmodel and its .pdiparams",
        )
    read_config(listing.get(needed.CONFIG))
    settings = needed.settings(listing.names)
    licence = _licence(listing, allowed)
    return settings + needed.weights(listing), licence


def _paddle(listing: Listing, allowed: Sequence[str]) -> tuple[list[str], Licence]:
    return paddle.files(listing.names, listing.label), _licence(listing, allowed)


def _licence(listing: Listing, allowed: Sequence[str]) -> Licence:
    card = listing.get(needed.CARD) if needed.CARD in listing.names else None
    texts = [listing.get(name) for name in needed.licence_files(listing.names)]
    return decide(card, texts, allowed, listing.label)


def _digested(listing: Listing, names: Sequence[str]) -> tuple[FileEntry, ...]:
    """Fetch, digest and compare with what the hub states; then look into weights."""
    files = []
    for name in sorted(names):
        path = listing.get(name)
        entry, stated = digest_file(path, name), listing.stated_sha256(name)
        if stated and stated != entry.sha256:
            raise SourceError(
                f"{name} of {listing.label} is damaged: its SHA-256 is {entry.sha256}, the hub states {stated}",
                remedy=f"remove {path.resolve()} and build again",
            )
        check_weights(path)
        files.append(entry)
    return tuple(files)


def _licence_files(source: Source) -> list[Path]:
    return [source.folder / name for name in needed.licence_files([one.path for one in source.files])]
