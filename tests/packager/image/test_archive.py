from __future__ import annotations

import hashlib
import lzma
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from edge.errors import InputError
from packager.errors import ToolError
from packager.image.archive import Archive, host_mirror, needed
from packager.image.fetch import Fetch

HOST = "mirror.example"  # reserved for examples (RFC 2606)
MIRROR = f"http://{HOST}/debian"
PACKAGES = """\
Package: python3-minimal
Version: 3.13.5-1
Filename: pool/p/python3-minimal.deb
Size: 5
SHA256: aa
Depends: python3.13-minimal (>= 3.13.5-1~), dpkg (>= 1.13.20) | tar
Description: long
 text: of more than a line

Package: python3.13-minimal
Version: 3.13.5-2
Filename: pool/p/python3.13-minimal.deb
Size: 7
SHA256: bb
Pre-Depends: libc6 (>= 2.38)
Depends: gone | zlib:any

Package: libc6
Version: 2.41-12
Filename: pool/g/libc6.deb
Size: 9
SHA256: cc

Package: zlib1g
Version: 1.3
Filename: pool/z/zlib1g.deb
Size: 11
SHA256: dd
Provides: zlib (= 1.3)
"""


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    gpg("--quick-generate-key", "--passphrase", "", "archive@example.org", "default", "default", home=tmp_path)
    ring = tmp_path / "archive.gpg"
    ring.write_bytes(gpg("--export", home=tmp_path))
    return ring


def gpg(*arguments: str, home: Path) -> bytes:
    folder = home / "gpg"
    folder.mkdir(mode=0o700, exist_ok=True)
    command = ["gpg", "--homedir", str(folder), "--batch", "--pinentry-mode", "loopback", *arguments]
    try:
        return subprocess.run(command, check=True, capture_output=True).stdout
    finally:
        subprocess.run(["gpgconf", "--homedir", str(folder), "--kill", "all"], check=False, capture_output=True)


@pytest.fixture
def mirror(tmp_path: Path, keyring: Path) -> Iterator[Archive]:
    """A signed suite on loopback; its files lie in the folder `debian`."""
    suite = tmp_path / "debian" / "dists" / "trixie"
    (suite / "main" / "binary-arm64").mkdir(parents=True)
    packed = lzma.compress(PACKAGES.encode())
    (suite / "main" / "binary-arm64" / "Packages.xz").write_bytes(packed)
    release = tmp_path / "Release"
    release.write_text(f"SHA256:\n {hashlib.sha256(packed).hexdigest()} {len(packed)} main/binary-arm64/Packages.xz\n")
    (suite / "InRelease").write_bytes(gpg("--clearsign", "--output", "-", str(release), home=tmp_path))
    handler = partial(Silent, directory=str(tmp_path / "debian"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Archive(f"http://127.0.0.1:{server.server_address[1]}", "trixie", "arm64", keyring)
        server.shutdown()


def test_packages_of_a_signed_suite_are_found_with_what_they_need(mirror: Archive, tmp_path: Path) -> None:
    packages = mirror.packages(Fetch(tmp_path / "cache"))
    found = needed(["python3-minimal"], packages, without=["dpkg"])
    assert [(one.name, one.version, one.size, one.sha256) for one in found] == [
        ("libc6", "2.41-12", 9, "cc"),
        ("python3-minimal", "3.13.5-1", 5, "aa"),
        ("python3.13-minimal", "3.13.5-2", 7, "bb"),
        ("zlib1g", "1.3", 11, "dd"),
    ]
    with pytest.raises(InputError, match="no package dpkg"):
        needed(["python3-minimal"], packages)


@pytest.mark.parametrize(
    ("file", "said"), [("InRelease", "signature"), ("main/binary-arm64/Packages.xz", "signed one")]
)
def test_what_was_changed_after_signing_is_refused(mirror: Archive, tmp_path: Path, file: str, said: str) -> None:
    path = tmp_path / "debian" / "dists" / "trixie" / file
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(ToolError, match=said):
        mirror.packages(Fetch(tmp_path / "cache"))


def test_a_signature_of_somebody_else_is_refused(mirror: Archive, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    gpg("--quick-generate-key", "--passphrase", "", "other@example.org", "default", "default", home=other)
    release = tmp_path / "Release"
    (tmp_path / "debian/dists/trixie/InRelease").write_bytes(
        gpg("--clearsign", "--output", "-", str(release), home=other)
    )
    with pytest.raises(ToolError, match="signature of trixie is not good"):
        mirror.packages(Fetch(tmp_path / "cache"))


def test_a_machine_that_the_suite_has_not_is_refused(mirror: Archive, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no packages for riscv64"):
        Archive(mirror.url, "trixie", "riscv64", mirror.keyring).packages(Fetch(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sources.list.d/debian.sources", f"Types: deb\nURIs: {MIRROR}/\nSuites: trixie\n"),
        (
            "sources.list",
            f"# deb {MIRROR}-of-old x main\ndeb [arch=arm64] {MIRROR} x main\n",
        ),
    ],
)
def test_the_hosts_own_mirror_is_known(tmp_path: Path, file: str, text: str) -> None:
    assert host_mirror(tmp_path) is None
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / file).write_text(text)
    assert host_mirror(tmp_path) == MIRROR
