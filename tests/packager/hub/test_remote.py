from __future__ import annotations

import errno
import fcntl
import json
import os
import pty
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from edge.errors import EdgeError, EnvironmentLackError
from packager.errors import HubError, LicenceError, SourceError
from packager.hub import resolve
from packager.hub.source import Source
from tests.support.hub_server import HubServer
from tests.support.tiny_model import safetensors_bytes, write_tiny

ROOT = Path(__file__).resolve().parents[3]
CHILD = ROOT / "tests/support/resolve_child.py"
REPO = "org/tiny"

pytestmark = pytest.mark.usefixtures("hf_home")


@pytest.fixture
def repos(tmp_path: Path) -> dict[str, dict[str, Path]]:
    """One repository with a branch and an older tag."""
    return {REPO: {"main": write_tiny(tmp_path / "now"), "v1": write_tiny(tmp_path / "then", weights=b"older")}}


def fetch(hub: HubServer, monkeypatch: pytest.MonkeyPatch, source: str = REPO, **options: Any) -> Source:
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    return resolve(source, **options)


def refusal(kind: type[EdgeError], hub: HubServer, monkeypatch: pytest.MonkeyPatch, source: str = REPO) -> str:
    with pytest.raises(kind) as caught:
        fetch(hub, monkeypatch, source)
    assert "\n" not in caught.value.message
    assert caught.value.remedy
    return caught.value.message


def in_child(home: Path, environment: Mapping[str, str], **request: object) -> dict[str, Any]:
    cleared = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGINGFACE", "TRANSFORMERS", "XDG_"))}
    done = subprocess.run(
        [sys.executable, CHILD, json.dumps(request)],
        env={**cleared, "HF_HOME": str(home), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == ""
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply


def test_branch_tag_and_commit_then_offline_without_a_socket(repos: dict[str, dict[str, Path]], hf_home: Path) -> None:
    with HubServer(repos) as hub:
        environment = {"HF_ENDPOINT": hub.endpoint}
        now, then = hub.commit(REPO, "main"), hub.commit(REPO, "v1")
        ways = {"org/tiny": now, "hf://org/tiny@v1": then, f"org/tiny@{now}": now}
        online = {source: in_child(hf_home, environment, source=source) for source in ways}
        hosts = {socket_.split("'")[1] for reply in online.values() for socket_ in reply["sockets"] if "'" in socket_}
        assert hosts == {"127.0.0.1"}
    for source, commit in ways.items():
        assert online[source]["revision"] == commit
        assert online[source]["kind"] == "huggingface"
        for offline in ({"offline": True}, {}):
            extra = {} if offline else {"HF_HUB_OFFLINE": "1"}
            again = in_child(hf_home, environment | extra, source=source, **offline)
            assert again == online[source] | {"sockets": []}


def test_offline_says_what_is_missing(hf_home: Path) -> None:
    reply = in_child(hf_home, {}, source="org/tiny", revision="v9", offline=True)
    assert reply == {
        "error": "hf://org/tiny@v9 is not in the cache",
        "remedy": "build once without --offline",
        "sockets": [],
    }


def test_only_needed_files_are_fetched(
    repos: dict[str, dict[str, Path]], hf_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pytorch_model.bin", "tf_model.h5", "modeling_evil.py", "onnx/model.onnx", "model-9.safetensors"):
        (repos[REPO]["main"] / name).parent.mkdir(exist_ok=True)
        (repos[REPO]["main"] / name).write_text("must not be fetched")
    with HubServer(repos) as hub:
        source = fetch(hub, monkeypatch)
        asked = {request.path.rpartition("/")[2] for request in hub.requests if "/resolve/" in request.path}
        assert not any("telemetry" in r.path or "agent" in r.path for r in hub.requests)
        assert not any("torch" in r.headers["user-agent"] for r in hub.requests)
    assert asked == {"config.json", "tokenizer.json", "README.md", "model.safetensors"}
    assert [one.path for one in source.files] == ["README.md", "config.json", "model.safetensors", "tokenizer.json"]
    assert source.folder.is_relative_to(hf_home)
    assert source.entry().licence.id == "Apache-2.0"


def test_shards_are_found_through_their_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_tiny(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    for name in ("a.safetensors", "b.safetensors", "unused.safetensors"):
        (folder / name).write_bytes(safetensors_bytes({name: b"12"}))
    index = {"weight_map": {"x": "a.safetensors", "y": "b.safetensors", "z": "a.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with HubServer({REPO: {"main": folder}}) as hub:
        names = [one.path for one in fetch(hub, monkeypatch).files]
    assert names[2:5] == ["b.safetensors", "config.json", "model.safetensors.index.json"]
    assert "unused.safetensors" not in names


def test_a_cut_connection_is_taken_up_where_it_broke(
    repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)  # huggingface_hub waits a second before it tries again
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 8)
    size = (repos[REPO]["main"] / "model.safetensors").stat().st_size
    with HubServer(repos, cut={"model.safetensors"}) as hub:
        source = fetch(hub, monkeypatch)
        ranges = [request.headers.get("range") for request in hub.blob_requests]
    assert ranges == [None, f"bytes={size // 2}-"]
    assert (source.folder / "model.safetensors").read_bytes() == (
        repos[REPO]["main"] / "model.safetensors"
    ).read_bytes()


def test_a_run_that_was_stopped_is_taken_up_by_the_next(
    repos: dict[str, dict[str, Path]], hf_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt  # where huggingface_hub would wait before it tries again

    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 8)
    original = (repos[REPO]["main"] / "model.safetensors").read_bytes()
    with HubServer(repos, cut={"model.safetensors"}) as hub:
        with monkeypatch.context() as patched:
            patched.setattr("time.sleep", interrupt)
            with pytest.raises(KeyboardInterrupt):
                fetch(hub, monkeypatch)
        source = fetch(hub, monkeypatch)
        assert [r.headers.get("range") for r in hub.blob_requests] == [None, f"bytes={len(original) // 2}-"]
    assert (source.folder / "model.safetensors").read_bytes() == original
    assert not list(hf_home.rglob("*.part"))


def test_a_mirror_that_lists_names_only_is_enough(
    repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    with HubServer(repos) as hub:
        known = fetch(hub, monkeypatch)
    monkeypatch.setenv("HF_HOME", f"{known.folder}/other")
    with HubServer(repos, plain=True) as hub:
        source = fetch(hub, monkeypatch)
        assert not any("xet" in request.path for request in hub.requests)
    assert (source.revision, source.files) == (known.revision, known.files)


def test_finished_files_are_not_fetched_again(
    repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with HubServer(repos) as hub:
        first = fetch(hub, monkeypatch)
        seen = len(hub.requests)
        assert fetch(hub, monkeypatch) == first
        assert all(request.path.startswith("/api/") for request in hub.requests[seen:])


def test_damage_on_the_way_is_found(
    repos: dict[str, dict[str, Path]], hf_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HubServer(repos, damaged={"model.safetensors"}) as hub:
        message = refusal(SourceError, hub, monkeypatch)
    assert "model.safetensors was damaged on its way" in message
    assert "the hub states" in message
    assert not [path for path in hf_home.rglob("*") if path.name.endswith((".safetensors", ".part"))]


def test_damage_in_the_cache_is_found(repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    with HubServer(repos) as hub:
        blob = (fetch(hub, monkeypatch).folder / "model.safetensors").resolve()
        blob.write_bytes(blob.read_bytes()[:-1] + b"!")
        for offline in (False, True):
            with pytest.raises(SourceError, match="is damaged") as caught:
                fetch(hub, monkeypatch, offline=offline)
            assert str(blob) in caught.value.remedy


def test_the_token_goes_to_the_hub_and_nowhere_else(
    repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with HubServer(repos, token="hf_secret") as hub:
        fetch(hub, monkeypatch)
        assert {request.headers.get("authorization") for request in hub.requests} == {"Bearer hf_secret"}
        assert hub.blob_requests
        assert not any("hf_secret" in str(request.headers.values()) for request in hub.blob_requests)


def test_a_token_of_a_login_is_used(repos: dict[str, dict[str, Path]], hf_home: Path) -> None:
    hf_home.mkdir()
    (hf_home / "token").write_text("hf_saved")
    with HubServer(repos, token="hf_saved") as hub:
        assert in_child(hf_home, {"HF_ENDPOINT": hub.endpoint}, source=REPO)["revision"] == hub.commit(REPO, "main")


def test_the_licence_is_judged_before_weights_are_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_tiny(tmp_path / "model", card="---\nlicense: cc-by-nc-4.0\n---\n")
    with HubServer({REPO: {"main": folder}}) as hub:
        assert "CC-BY-NC-4.0" in refusal(LicenceError, hub, monkeypatch)
        assert not hub.blob_requests
        licence = fetch(hub, monkeypatch, allow_licences=["CC-BY-NC-4.0"]).licence
    assert (licence.id, licence.origin) == ("CC-BY-NC-4.0", "accepted")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("org/none", "does not exist, or is private"),
        ("org/tiny@v9", "no such revision"),
        (f"org/tiny@{'9' * 40}", "no such revision"),
        ("org/closed", "is gated"),
        ("org/a--b", "is not a repository's name"),
        ("hf://a/b/c", "is not a repository's name"),
        ("hf://datasets", "does not exist"),
    ],
)
def test_what_the_hub_refuses_is_one_line(
    repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    with HubServer(repos | {"org/closed": repos[REPO]}, gated={"org/closed"}) as hub:
        assert message in refusal(SourceError, hub, monkeypatch, source)


def test_a_missing_token_is_told(repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    with HubServer(repos, token="hf_secret") as hub:
        assert "does not exist, or is private" in refusal(SourceError, hub, monkeypatch)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_hub_that_is_down_is_told(
    repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    with HubServer(repos) as hub:
        hub.status = status
        assert f"answered {status}" in refusal(HubError, hub, monkeypatch)


def test_no_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(HubError, match="could not be reached") as caught:
            resolve(REPO)
    assert "--offline" in caught.value.remedy
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize(
    "address", ["hub.local", "ftp://hub", "http://[", "http://hub:99999", "http://", "http://a\nb"]
)
def test_a_broken_endpoint_is_told(hf_home: Path, address: str) -> None:
    reply = in_child(hf_home, {"HF_ENDPOINT": address}, source=REPO)
    assert reply["error"].startswith("HF_ENDPOINT is no address")
    assert reply["sockets"] == []


def test_a_cache_that_cannot_be_written_is_told(
    repos: dict[str, dict[str, Path]], hf_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hf_home.write_text("a file where a folder should be")
    with HubServer(repos) as hub:
        assert "cannot be kept in the cache" in refusal(EnvironmentLackError, hub, monkeypatch)


@pytest.mark.parametrize("lie", ["../../../evil", "main", "9" * 39])
def test_a_hub_that_states_no_commit_is_not_followed(
    repos: dict[str, dict[str, Path]], hf_home: Path, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    with HubServer(repos, lie=lie) as hub:
        assert "states no commit" in refusal(HubError, hub, monkeypatch)
    assert not hf_home.exists()


def test_a_web_page_is_no_hub(repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    with HubServer(repos) as hub:
        hub.status = 200  # an empty answer to everything
        assert "unlike a hub" in refusal(HubError, hub, monkeypatch)


def test_a_full_disk_is_told(repos: dict[str, dict[str, Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with HubServer(repos) as hub:
        for where in ("hf_hub_download", "file_download.http_get"):
            monkeypatch.setattr(f"huggingface_hub.{where}", full)
            assert "cannot be kept in the cache (No space left on device)" in refusal(
                EnvironmentLackError, hub, monkeypatch
            )


def test_a_progress_bar_is_shown_to_a_person_only(repos: dict[str, dict[str, Path]], hf_home: Path) -> None:
    shown = {}
    for progress in (True, False):
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        with HubServer(repos) as hub:
            environment = os.environ | {"HF_HOME": str(hf_home / str(progress)), "HF_ENDPOINT": hub.endpoint}
            subprocess.run(
                [sys.executable, CHILD, json.dumps({"source": REPO, "progress": progress})],
                env=environment | {"PYTHONPATH": str(ROOT)},
                stdout=subprocess.DEVNULL,
                stderr=terminal,
                check=True,
            )
        os.close(terminal)
        shown[progress] = _drain(controller)
    assert b"model.safetensors" in shown[True]
    assert shown[False] == b""


def _drain(controller: int) -> bytes:
    data = b""
    try:
        while chunk := os.read(controller, 65536):
            data += chunk
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(controller)
    return data
