"""A hub on loopback: the routes of a Hugging Face hub that huggingface_hub uses, over real HTTP.

    with HubServer({"org/tiny": {"main": folder_now, "v1": folder_then}}) as hub:
        ...HF_ENDPOINT=hub.endpoint...
        hub.commit("org/tiny", "v1")        # the 40-digit commit that the revision means
        hub.requests                        # every request, in order

Large files (`.safetensors`, `.bin`) are what a hub keeps in LFS: they are listed with their SHA-256 and redirected to a
second server on another port, as to a content network; its requests are in `hub.blob_requests`. They are offered
through Xet too, at an address that answers 404: a client that takes the offer fails.
"""

from __future__ import annotations

import hashlib
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import final
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".bin")


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Snapshot:
    """A repository at one commit."""

    commit: str
    files: Mapping[str, Path]


@final
class HubServer:
    """Serves `repos` (name to revision to folder) until the `with` block ends.

    `token` must come with every request to the hub; `gated` repositories are refused to everyone. `cut` are files whose
    first transfer is broken off in the middle, `damaged` are sent with their last byte changed, `status` (set at any
    time) is the answer to everything. `lie` replaces what a listing states as the commit. A `plain` mirror lists names
    only, without sizes and digests.
    """

    def __init__(
        self,
        repos: Mapping[str, Mapping[str, Path]],
        *,
        token: str = "",
        gated: Collection[str] = (),
        cut: Collection[str] = (),
        damaged: Collection[str] = (),
        lie: str = "",
        plain: bool = False,
    ) -> None:
        self.snapshots = {name: {rev: _snapshot(at) for rev, at in revs.items()} for name, revs in repos.items()}
        self.token, self.gated, self.damaged, self.lie = token, frozenset(gated), frozenset(damaged), lie
        self.cut, self.plain = set(cut), plain
        self.status = 0
        self.requests: list[Request] = []
        self.blob_requests: list[Request] = []
        self._hub = _Server(self, _HubHandler)
        self._blobs = _Server(self, _BlobHandler)
        self.endpoint = f"http://127.0.0.1:{self._hub.server_port}"
        self.blob_endpoint = f"http://127.0.0.1:{self._blobs.server_port}"

    def __enter__(self) -> HubServer:
        for server in (self._hub, self._blobs):
            server.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for server in (self._hub, self._blobs):
            server.shutdown()
            server.thread.join()
            server.server_close()

    def commit(self, repo: str, revision: str) -> str:
        """The commit that a branch or tag means."""
        return self.snapshots[repo][revision].commit

    def find(self, repo: str, revision: str) -> Snapshot | None:
        """The snapshot of a branch, a tag or a commit."""
        revisions = self.snapshots[repo]
        return revisions.get(revision) or next((s for s in revisions.values() if s.commit == revision), None)


class _Server(ThreadingHTTPServer):
    def __init__(self, hub: HubServer, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.hub = hub
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)


class _Handler(BaseHTTPRequestHandler, ABC):
    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> HubServer:
        assert isinstance(self.server, _Server)
        return self.server.hub

    @property
    def log(self) -> list[Request]:
        return self.hub.requests

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing: the requests are kept."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.log.append(Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        with suppress(ConnectionError):
            self.answer(unquote(urlsplit(self.path).path))

    @abstractmethod
    def answer(self, path: str) -> None:
        """Answer a GET or HEAD of the unquoted path."""

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_file(self, name: str, path: Path, **headers: str) -> None:
        data = path.read_bytes()
        if name in self.hub.damaged:
            data = data[:-1] + bytes([data[-1] ^ 1])
        begin = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        if begin:
            self.say(206, data[begin:], Content_Range=f"bytes {begin}-{len(data) - 1}/{len(data)}", **headers)
        elif self.command == "GET" and name in self.hub.cut:
            self.hub.cut.remove(name)
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        else:
            self.say(200, data, **headers)


class _HubHandler(_Handler):
    def answer(self, path: str) -> None:
        hub = self.hub
        if hub.status:
            self.say(hub.status)
        elif hub.token and self.headers.get("Authorization") != f"Bearer {hub.token}":
            self.say(401, X_Error_Code="RepoNotFound")
        elif path.startswith("/api/models/"):
            repo, _, rest = _split(path.removeprefix("/api/models/"), hub.snapshots)
            self.on_repository(repo, rest.removeprefix("revision/") or "main", "")
        else:
            repo, _, rest = _split(path.removeprefix("/"), hub.snapshots)
            revision, _, name = rest.removeprefix("resolve/").partition("/")
            self.on_repository(repo, revision, name)

    def on_repository(self, repo: str, revision: str, name: str) -> None:
        hub = self.hub
        snapshot = hub.find(repo, revision) if repo in hub.snapshots else None
        if repo in hub.gated:
            self.say(403, X_Error_Code="GatedRepo")
        elif repo not in hub.snapshots:
            self.say(404, X_Error_Code="RepoNotFound")
        elif snapshot is None:
            self.say(404, X_Error_Code="RevisionNotFound")
        elif not name:
            files = sorted(snapshot.files.items())
            listed = [{"rfilename": one} if hub.plain else _listed(one, path) for one, path in files]
            body = {"id": repo, "modelId": repo, "sha": hub.lie or snapshot.commit, "siblings": listed}
            self.say(200, json.dumps(body).encode(), Content_Type="application/json")
        elif name not in snapshot.files:
            self.say(404, X_Error_Code="EntryNotFound", X_Repo_Commit=snapshot.commit)
        else:
            self.on_file(repo, snapshot, name)

    def on_file(self, repo: str, snapshot: Snapshot, name: str) -> None:
        path = snapshot.files[name]
        if not name.endswith(LARGE):
            self.send_file(name, path, ETag=f'"{_git_digest(path)}"', X_Repo_Commit=snapshot.commit)
            return
        self.say(
            302,
            Location=f"{self.hub.blob_endpoint}/{repo}/{snapshot.commit}/{name}",
            X_Linked_ETag=f'"{_sha256(path)}"',
            X_Linked_Size=str(path.stat().st_size),
            X_Repo_Commit=snapshot.commit,
            X_Xet_Hash="0" * 64,
            Link=f'<{self.hub.endpoint}/api/xet-read-token>; rel="xet-auth"',
        )


class _BlobHandler(_Handler):
    @property
    def log(self) -> list[Request]:
        return self.hub.blob_requests

    def answer(self, path: str) -> None:
        repo, _, rest = _split(path.removeprefix("/"), self.hub.snapshots)
        commit, _, name = rest.partition("/")
        snapshot = self.hub.find(repo, commit)
        assert snapshot is not None
        self.send_file(name, snapshot.files[name])


def _split(path: str, known: Collection[str]) -> tuple[str, str, str]:
    """The repository, which may have a slash in its name, and the rest of the path."""
    repo = next((name for name in known if path == name or path.startswith(f"{name}/")), path)
    return repo, "/", path[len(repo) :].removeprefix("/")


def _snapshot(folder: Path) -> Snapshot:
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    state = "".join(f"{name} {_git_digest(path)}\n" for name, path in files.items())
    return Snapshot(hashlib.sha1(state.encode(), usedforsecurity=False).hexdigest(), files)


def _listed(name: str, path: Path) -> dict[str, object]:
    size = path.stat().st_size
    entry: dict[str, object] = {"rfilename": name, "size": size, "blobId": _git_digest(path)}
    large = {"lfs": {"size": size, "sha256": _sha256(path), "pointerSize": 130}} if name.endswith(LARGE) else {}
    return entry | large


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _git_digest(path: Path) -> str:
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
