"""A Debian archive or mirror: its signed index, and the packages that some packages need.

The chain is Debian's (SecureApt): `InRelease` carries a signature by a key of the archive and the SHA-256 of every
list of packages; a list carries the SHA-256 of every package.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from edge.errors import InputError
from packager.errors import ToolError
from packager.image.fetch import Fetch
from packager.image.lock import Locked

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
LARGEST_LIST = 128 << 20
"""Bytes of a list of packages, unpacked; trixie's has 60 million."""

MIRROR = re.compile(r"^(?:URIs:|deb(?: \[.*?\])?) *(https?://\S+/debian/?)(?=\s|$)", re.MULTILINE)

Stanza = Mapping[str, str]


@dataclass(frozen=True)
class Archive:
    """`url` is a mirror's or a snapshot's, without a slash at its end; `keyring` holds the keys that may sign."""

    url: str
    suite: str
    architecture: str
    keyring: Path = KEYRING
    component: str = "main"

    def packages(self, fetch: Fetch) -> dict[str, Stanza]:
        """Every package of the suite by name; raises ToolError where a signature or a digest is wrong."""
        release = self._signed(fetch.text(f"{self.url}/dists/{self.suite}/InRelease"))
        path = f"{self.component}/binary-{self.architecture}/Packages.xz"
        found = re.search(rf"^ ([0-9a-f]{{64}}) +(\d+) {re.escape(path)}$", release, re.MULTILINE)
        if found is None:
            raise InputError(f"{self.suite} has no packages for {self.architecture}", remedy="choose another suite")
        packed = fetch.data(f"{self.url}/dists/{self.suite}/{path}", int(found[2]))
        if hashlib.sha256(packed).hexdigest() != found[1]:
            raise ToolError(
                f"the list of packages of {self.suite} is not the signed one", remedy="try again, or another mirror"
            )
        return {one["Package"]: one for one in _stanzas(_unpacked(packed))}

    def _signed(self, text: bytes) -> str:
        """What was signed of an InRelease, without the signature."""
        gpgv = shutil.which("gpgv")
        if gpgv is None or not self.keyring.is_file():
            lacks = "gpgv" if gpgv is None else str(self.keyring)
            raise ToolError(
                f"{lacks} is missing, so Debian's signature cannot be checked",
                remedy="apt-get install gpgv debian-archive-keyring",
            )
        with tempfile.TemporaryDirectory() as folder:
            signed, plain = Path(folder) / "InRelease", Path(folder) / "Release"
            signed.write_bytes(text)
            command = [gpgv, "--keyring", str(self.keyring), "--output", str(plain), str(signed)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
            if done.returncode or not plain.is_file():
                said = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
                raise ToolError(
                    f"the signature of {self.suite} is not good: {said[0]}",
                    remedy="use another mirror, or update the keyring",
                )
            return plain.read_text()


def host_mirror(sources: Path = Path("/etc/apt")) -> str | None:
    """The archive that this host's own packages come from; None where it is no Debian, or does not say."""
    for file in (*sorted(sources.glob("sources.list.d/*.sources")), sources / "sources.list"):
        found = MIRROR.search(file.read_text(errors="replace")) if file.is_file() else None
        if found:
            return found[1].rstrip("/")
    return None


def needed(names: Iterable[str], packages: Mapping[str, Stanza], without: Iterable[str] = ()) -> list[Locked]:
    """The packages, and those that they depend on, by name; `without` are left out with what only they need.

    Of alternatives the first is taken that there is. Raises InputError for a package that the suite does not have.
    """
    provided = {name: one for one in packages.values() for name in _provided(one)}
    found: dict[str, Stanza] = {}
    waiting = list(names)
    left_out = set(without)
    while waiting:
        name = waiting.pop()
        if name in found or name in left_out:
            continue
        stanza = packages.get(name) or provided.get(name)
        if stanza is None:
            raise InputError(f"the suite has no package {name}", remedy="choose another suite")
        found[name] = stanza
        waiting += [_first(alternatives, packages, provided, left_out) for alternatives in _depends(stanza)]
    return [
        _locked(one)
        for one in sorted({one["Package"]: one for one in found.values()}.values(), key=lambda one: one["Package"])
    ]


def _locked(stanza: Stanza) -> Locked:
    return Locked(
        name=stanza["Package"],
        version=stanza["Version"],
        file=stanza["Filename"],
        size=int(stanza["Size"]),
        sha256=stanza["SHA256"],
    )


def _first(names: list[str], packages: Mapping[str, Stanza], provided: Mapping[str, Stanza], without: set[str]) -> str:
    return next((name for name in names if name in packages or name in provided or name in without), names[0])


def _depends(stanza: Stanza) -> Iterator[list[str]]:
    """For each dependency its alternatives, without versions: one suite satisfies them."""
    for field in ("Pre-Depends", "Depends"):
        for one in stanza.get(field, "").split(","):
            if one.strip():
                yield [re.split(r"[ (:\[]", choice.strip(), maxsplit=1)[0] for choice in one.split("|")]


def _provided(stanza: Stanza) -> list[str]:
    return [one.strip().split(" ")[0] for one in stanza.get("Provides", "").split(",") if one.strip()]


def _unpacked(packed: bytes) -> str:
    """Raises ToolError where the list is larger than any."""
    reader = lzma.LZMADecompressor()
    data = reader.decompress(packed, LARGEST_LIST)
    if not reader.eof:
        raise ToolError("the list of packages is too large", remedy="use another mirror")
    return data.decode()


def _stanzas(text: str) -> Iterator[Stanza]:
    """Paragraphs of fields (deb822); lines that go on with a field are left out."""
    for paragraph in text.split("\n\n"):
        lines = (line.partition(": ") for line in paragraph.split("\n") if line[:1].strip())
        stanza = {name: value for name, colon, value in lines if colon}
        if "Package" in stanza:
            yield stanza
