"""What an isolated stage can reach; the child is a real one."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from packager.sandbox import scrubbed_environment
from packager.worker import run_worker
from tests.support.stages import write_stage

NETWORK = """
import socket

def tried(action):
    try:
        action()
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    return "reached"

def connect(family, address):
    with socket.socket(family) as one:
        one.connect(address)

loopback = ("127.0.0.1", request["port"])
return {
    "loopback": tried(lambda: connect(socket.AF_INET, loopback)),
    "abroad": tried(lambda: connect(socket.AF_INET, ("192.0.2.1", 80))),
    "six": tried(lambda: connect(socket.AF_INET6, ("::1", request["port"]))),
    "file": tried(lambda: connect(socket.AF_UNIX, request["file"])),
    "name": tried(lambda: socket.getaddrinfo("localhost", 80)),
    "address": tried(lambda: socket.gethostbyaddr("127.0.0.1")),
    "datagram": tried(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", loopback)),
}
"""
KEPT = {
    "PATH": os.environ["PATH"],
    "LD_LIBRARY_PATH": "/opt/lib",
    "OMP_NUM_THREADS": "1",
    "EDGEPACK_LITE_PYTHON": "/opt/python3.10",
    "PYTHONHASHSEED": "0",
    "LANG": "C.UTF-8",
    "CUDA_VISIBLE_DEVICES": "",
}
CACHED = "hf_secret"
SECRETS = {
    "HF_TOKEN": "hf_x",
    "HUGGING_FACE_HUB_TOKEN": "hf_x",
    "HF_TOKEN_PATH": "/home/me/token",
    "HF_ENDPOINT": "https://mirror.example",
    "AWS_SESSION": "x",
    "MY_SERVICE_KEY": "x",
    "PGPASSFILE": "/home/me/.pgpass",
    "https_proxy": "http://me:word@proxy.example:3128",
    "PIP_INDEX_URL": "https://me:word@index.example/mirror",
    "SSH_AUTH_SOCK": "/run/agent",
    "XDG_CONFIG_HOME": "/home/me/.config",
}


def test_no_network_not_even_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write_stage(tmp_path, monkeypatch, NETWORK)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as beside:
        beside.bind(str(tmp_path / "socket"))
        beside.listen()
        request = {"port": server.getsockname()[1], "file": str(tmp_path / "socket")}
        isolated = run_worker(name, request, isolated=True)
        assert run_worker(name, request)["loopback"] == "reached"
    assert isolated.keys() == {"loopback", "abroad", "six", "file", "name", "address", "datagram"}
    for what, said in isolated.items():
        assert said.startswith("PermissionError: socket."), what
        assert said.endswith("this stage of the build has no network"), what


def test_what_a_stage_needs_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEPT.items():
        monkeypatch.setenv(name, value)
    found = scrubbed_environment(tmp_path)
    assert {name: found.get(name) for name in KEPT} == KEPT


def test_packages_of_the_user_are_still_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUSERBASE", str(tmp_path / "base"))
    assert scrubbed_environment(tmp_path / "home")["PYTHONUSERBASE"] == str(tmp_path / "base")


def test_secrets_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    found = scrubbed_environment(tmp_path)
    assert not SECRETS.keys() & found.keys()


def test_a_cached_token_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token that `hf auth login` leaves: in HF_HOME, and in the cache below the home folder."""
    home = tmp_path / "home"
    for folder in (home / ".cache" / "huggingface", tmp_path / "hf"):
        folder.mkdir(parents=True)
        (folder / "token").write_text(CACHED, encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    body = """
    import os
    from huggingface_hub import get_token
    return {"token": get_token(), "home": os.path.expanduser("~")}
    """
    name = write_stage(tmp_path / "stages", monkeypatch, body)
    for hf_home in (None, str(tmp_path / "hf")):
        if hf_home:
            monkeypatch.setenv("HF_HOME", hf_home)
        else:
            monkeypatch.delenv("HF_HOME", raising=False)
        assert run_worker(name, {})["token"] == CACHED
        found = run_worker(name, {}, isolated=True)
        assert found["token"] is None
        assert found["home"] != str(home)


def test_temporary_files_of_a_stage_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write_stage(tmp_path, monkeypatch, "import tempfile\nreturn {'left': tempfile.mkdtemp()}")
    assert not Path(run_worker(name, {}, isolated=True)["left"]).exists()
