"""A repository on a Hugging Face hub or a mirror of it: the one door to huggingface_hub.

huggingface_hub reads most of its environment when it is imported. So that a variable counts whoever imported it first,
the endpoint and the cache folder are read here at every call and passed on.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from packager.errors import HubError, SourceError
from packager.hub.address import COMMIT, Repository
from packager.hub.listing import SHA256, FolderListing
from packager.hub.partial import fetch_blob
from packager.hub.translate import translated

_ANSWER_SECONDS = 30.0
_TRUE = {"1", "ON", "YES", "TRUE"}


class RemoteListing:
    """A repository at one commit; files are fetched into Hugging Face's cache one by one."""

    def __init__(self, repository: Repository, *, progress: bool) -> None:
        """Ask the hub what the revision is and which files it has.

        The branch or tag is noted in the cache, so that it is found there offline. Raises SourceError where there is no
        such repository or revision, or no access; HubError where the hub cannot be reached or answers nonsense.
        """
        _prepare()
        from huggingface_hub import HfApi

        self.label = repository.label
        self._name, self._progress, self._endpoint = repository.name, progress, mirror()
        with translated(self.label, self._endpoint or "the hub"):
            api = HfApi(endpoint=self._endpoint, library_name="edgepack")
            info = api.model_info(
                repository.name, revision=repository.revision, files_metadata=True, timeout=_ANSWER_SECONDS
            )
            self.revision = info.sha or ""
            if not COMMIT.fullmatch(self.revision):
                raise HubError(f"the hub states no commit for {self.label}", remedy="check HF_ENDPOINT")
            api.resolve_revision(repository.name, revision=repository.revision, cache_dir=cache_folder())
        siblings = [one for one in info.siblings or [] if _is_plain(one.rfilename)]
        self.names = frozenset(one.rfilename for one in siblings)
        large = {one.rfilename: one.lfs for one in siblings if one.lfs is not None}
        self._large = {name: lfs for name, lfs in large.items() if SHA256.fullmatch(lfs.sha256)}

    def get(self, name: str) -> Path:
        """Fetch a file unless the cache has it; a download that breaks goes on where it broke, or does so next time."""
        from huggingface_hub import hf_hub_download, hf_hub_url
        from huggingface_hub.utils.tqdm import disable_progress_bars

        bars = nullcontext() if self._progress else disable_progress_bars()
        with bars, translated(self.label, self._endpoint or "the hub"):
            lfs, blobs = self._large.get(name), self.folder.parent.parent / "blobs"
            if lfs is not None and not (self.folder / name).exists():
                url = hf_hub_url(self._name, name, revision=self.revision, endpoint=self._endpoint)
                fetch_blob(url, blobs / lfs.sha256, size=lfs.size, label=name)
            path = hf_hub_download(
                self._name,
                name,
                revision=self.revision,
                endpoint=self._endpoint,
                cache_dir=cache_folder(),
                library_name="edgepack",
            )
        return Path(path)

    @property
    def folder(self) -> Path:
        """The snapshot in the cache."""
        return snapshot_folder(self._name, self.revision)

    def stated_sha256(self, name: str) -> str:
        """The SHA-256 in the hub's listing; it states one for large files only."""
        return self._large[name].sha256 if name in self._large else ""


class CachedListing(FolderListing):
    """What the cache holds of a repository; no socket is opened."""

    def __init__(self, repository: Repository) -> None:
        """Find the commit that was last fetched for the revision; raises SourceError where the cache has none."""
        _prepare()
        from huggingface_hub import HfApi

        with translated(repository.label, "the cache"):
            found = HfApi().resolve_revision(
                repository.name, revision=repository.revision, cache_dir=cache_folder(), local_files_only=True
            )
        self.revision = found.resolved
        folder = snapshot_folder(repository.name, self.revision)
        if not COMMIT.fullmatch(self.revision) or not folder.is_dir():
            raise SourceError(f"{repository.label} is not in the cache", remedy="build once without --offline")
        super().__init__(folder, label=repository.label)


def check_name(repository: Repository) -> None:
    """Raise SourceError where no hub would allow the name."""
    _prepare()
    from huggingface_hub.utils._validators import validate_repo_id

    with translated(repository.label, ""):
        validate_repo_id(repository.name)


def mirror() -> str | None:
    """The address in HF_ENDPOINT; None means the public hub. Raises HubError where it is no address."""
    address = (os.environ.get("HF_ENDPOINT") or "").rstrip("/")
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if address and not (valid and address.isprintable()):
        raise HubError(f"HF_ENDPOINT is no address: {address!r}", remedy="set it to https://HOST, or unset it")
    return address or None


def is_offline() -> bool:
    """Whether the environment forbids the network to Hugging Face's libraries."""
    return (os.environ.get("HF_HUB_OFFLINE") or os.environ.get("TRANSFORMERS_OFFLINE") or "").upper() in _TRUE


def cache_folder() -> Path:
    """Where fetched files are kept, by huggingface_hub's own rules."""
    home = os.environ.get("HF_HOME") or f"{os.environ.get('XDG_CACHE_HOME') or '~/.cache'}/huggingface"
    named = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE") or f"{home}/hub"
    return Path(os.path.expandvars(named)).expanduser().absolute()


def snapshot_folder(name: str, commit: str) -> Path:
    """Where the cache keeps a repository's files at one commit."""
    return cache_folder() / f"models--{name.replace('/', '--')}" / "snapshots" / commit


def _is_plain(name: str) -> bool:
    return all(part not in ("", ".", "..") for part in name.split("/")) and "\\" not in name and "\0" not in name


def _prepare() -> None:
    """No telemetry, and plain HTTP instead of Xet (mirrors have none), whoever imported the library first."""
    mirror()  # huggingface_hub cannot even be imported beside a broken one
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True
    constants.HF_HUB_DISABLE_XET = True
