"""From what the user typed to files on this machine that are pinned, digested, licensed and safe to load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from edge.manifest import FileEntry, Licence, SourceEntry
from packager.errors import SourceError
from packager.hub import needed, onnx_file, paddle, remote
from packager.hub.address import Repository, parse
from packager.hub.config import read_config
from packager.hub.digest import digest_all, digest_file
from packager.hub.licence import decide, judge, licence_bytes
from packager.hub.licence_ids import SAYS_NOTHING, to_spdx
from packager.hub.listing import FileListing, FolderListing, Listing
from packager.hub.weights import check_weights

Kind = Literal["huggingface", "folder", "paddle", "paddle3", "onnx"]


@dataclass(frozen=True)
class Source:
    """A model's files on this machine.

    `kind` is `huggingface` (a hub), `folder` (the same layout on this machine), or wherever it lies `paddle` (an
    inference model), `paddle3` (one in Paddle 3's format) or `onnx` (a file). `repository` is org/name or the name of
    the folder or file, `revision` a commit of 40 hex digits or the digest of the contents (64), `files` every input
    file that is used, sorted by path, relative to `folder`.
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


def kind_of(source: str, revision: str | None = None) -> Kind:
    """What kind of source SOURCE is, by its name and the names of its files; raises SourceError where it is none.

    Nothing is asked of a hub: whatever a repository holds, it is `huggingface` until it is resolved.
    """
    address = parse(source, revision)
    if isinstance(address, Repository):
        return "huggingface"
    if address.is_file():
        if onnx_file.is_onnx(address):
            return "onnx"
        raise SourceError(f"{address} is a file", remedy="give the folder that holds the model, or an .onnx file")
    return _paddle_kind(FolderListing(address, label=str(address)).names) or "folder"


def _paddle_kind(names: frozenset[str]) -> Kind | None:
    """The age of the Paddle program among the files, unless they are a checkpoint of transformers."""
    if not paddle.is_paddle(names) or needed.has_weights(names):
        return None
    return "paddle3" if paddle.is_paddle3(names) else "paddle"


def resolve(
    source: str,
    *,
    revision: str | None = None,
    offline: bool = False,
    allow_licences: Sequence[str] = (),
    progress: bool = True,
) -> Source:
    """Find SOURCE, fetch what is needed, and check it before anything loads it.

    SOURCE is a folder in the Hugging Face layout, a folder with a Paddle inference model, an `.onnx` file, or a
    repository with one of these: `org/name`, `hf://org/name@revision`. `offline` (or HF_HUB_OFFLINE) uses the cache and
    opens no socket. The licence is judged before weights are fetched. For a folder or file, `revision` must be the
    digest of its contents. Raises SourceError, LicenceError, HubError or EnvironmentLackError.
    """
    address = parse(source, revision)
    if isinstance(address, Repository):
        remote.check_name(address)
        return _from_hub(address, allow_licences, offline=offline or remote.is_offline(), progress=progress)
    kind = kind_of(source, revision)
    if kind == "onnx":
        return _from_file(address, revision, allow_licences)
    listing = FolderListing(address, label=str(address))
    names, licence = (_huggingface if kind == "folder" else _paddle)(listing, allow_licences)
    return _pinned(Source(kind, listing.folder.name, "", listing.folder, _digested(listing, names), licence), revision)


def licence_text(source: Source) -> bytes:
    """The bundle's LICENSE: the model's own text, or else the line that names its SPDX identifier."""
    return licence_bytes(source.licence, _licence_files(source))


def _from_file(path: Path, revision: str | None, allowed: Sequence[str]) -> Source:
    """An ONNX file, with the files beside it that hold its weights."""
    data, stated = onnx_file.companions(path)
    found = "" if stated.lower() in SAYS_NOTHING else to_spdx(stated)
    licence = judge(found, "metadata", allowed, str(path))
    listing = FileListing(path, data)
    # Not `_digested`: weights beside an ONNX file are bare numbers, whatever their file is called.
    files = tuple(digest_file(listing.get(name), name) for name in sorted(listing.names))
    return _pinned(Source("onnx", path.name, "", listing.folder, files, licence), revision)


def _pinned(source: Source, revision: str | None) -> Source:
    """The source with the digest of its contents as revision, which must be the demanded one."""
    digest = digest_all(source.files)
    if revision and revision != digest:
        raise SourceError(
            f"{source.repository} has the content {digest}, not {revision}", remedy="leave --revision out"
        )
    return replace(source, revision=digest)


def _from_hub(repository: Repository, allowed: Sequence[str], *, offline: bool, progress: bool) -> Source:
    listing = remote.CachedListing(repository) if offline else remote.RemoteListing(repository, progress=progress)
    kind = _paddle_kind(listing.names) or ("onnx" if _only_onnx(listing.names) else "huggingface")
    names, licence = _NEEDED[kind](listing, allowed)
    return Source(kind, repository.name, listing.revision, listing.folder, _digested(listing, names), licence)


def _huggingface(listing: Listing, allowed: Sequence[str]) -> tuple[list[str], Licence]:
    """The files needed and the licence; the small files come first, so that a refusal costs no download of weights."""
    if needed.CONFIG not in listing.names:
        if needed.OLD_NETWORK in listing.names:
            raise SourceError(
                f"{listing.label} keeps its network in a folder of its own, as old sentence-transformers did",
                remedy="save it again with a newer one: SentenceTransformer(MODEL).save(FOLDER), and build that folder",
            )
        onnx = sorted(name for name in listing.names if onnx_file.is_onnx(Path(name)))
        raise SourceError(
            f"{listing.label} is not a model folder: it has no {needed.CONFIG}",
            remedy=f"give the file: {listing.folder / onnx[0]}"
            if onnx
            else "give a folder written by save_pretrained, or one with a Paddle program and its .pdiparams",
        )
    read_config(listing.get(needed.CONFIG))
    settings = needed.settings(listing.names)
    licence = _licence(listing, allowed)
    return settings + needed.weights(listing), licence


def _paddle(listing: Listing, allowed: Sequence[str]) -> tuple[list[str], Licence]:
    return paddle.files(listing.names, listing.label), _licence(listing, allowed)


def _onnx(listing: Listing, allowed: Sequence[str]) -> tuple[list[str], Licence]:
    licence = _licence(listing, allowed)
    names = listing.names
    file = _only_onnx(names)
    if onnx_file.companions(listing.get(file))[0]:
        raise SourceError(
            f"{listing.label} keeps the weights of {file} in other files", remedy="download it, and give the file"
        )
    beside = {needed.CARD, paddle.SETTINGS, *needed.licence_files(names)}
    return [file, *beside.intersection(names)], licence


def _only_onnx(names: frozenset[str]) -> str:
    """The one `.onnx` beside no other weights; empty where there is none, or several."""
    found = [name for name in names if onnx_file.is_onnx(Path(name)) and "/" not in name]
    return found[0] if len(found) == 1 and not needed.has_weights(names) else ""


_NEEDED = {"huggingface": _huggingface, "paddle": _paddle, "paddle3": _paddle, "onnx": _onnx}


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
