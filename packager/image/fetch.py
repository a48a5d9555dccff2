"""Fetches packages into a cache that is addressed by their contents."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.bench.limit.cache import cache_folder
from edge.digests import sha256_file
from edge.errors import InputError
from packager.errors import ToolError
from packager.image.lock import MACHINES, RELOCK, Lock, Locked
from packager.image.wheels import Device, download_wheels

LARGEST_TEXT = 4 << 20
PIECE = 1 << 20
SECONDS = 60.0


def package_cache() -> Path:
    """Where packages are kept, by their SHA-256."""
    return cache_folder() / "packages"


@dataclass(frozen=True)
class Fetch:
    """`offline`: what is not in the cache is an error."""

    cache: Path
    offline: bool = False

    def text(self, url: str) -> bytes:
        """A small file as it is now; raises ToolError."""
        return self.data(url, LARGEST_TEXT)

    def data(self, url: str, most: int) -> bytes:
        """At most so many bytes; raises ToolError where there are more, or none can be had."""
        return b"".join(self._pieces(url, most))

    def locked(self, package: Locked, lock: Lock, mirror: str) -> Path:
        """The file of any package of a lock; raises what `debian` and `wheel` do."""
        if package in lock.packages:
            return self.debian(package, f"{mirror}/{package.file}")
        return self.wheel(package, Device(lock.python, MACHINES[lock.architecture], lock.glibc))

    def debian(self, package: Locked, url: str) -> Path:
        """The file of a Debian package, from the cache or that URL.

        Raises ToolError where it cannot be fetched or is not what was locked, InputError where it is no longer there.
        """
        return self._cached(package, lambda out: self._download(package, url, out))

    def wheel(self, package: Locked, device: Device) -> Path:
        """The same for a wheel, from where pip looks."""

        def download(out: Path) -> None:
            with tempfile.TemporaryDirectory(dir=self.cache) as folder:
                wheels = download_wheels([f"{package.name}=={package.version}"], device, Path(folder), alone=True)
                wheels[0].replace(out)

        return self._cached(package, download)

    def keep(self, file: Path, package: Locked) -> None:
        """Move a file that was fetched already into the cache."""
        self.cache.mkdir(parents=True, exist_ok=True)
        shutil.move(file, self.cache / package.sha256)

    def _cached(self, package: Locked, download: Callable[[Path], None]) -> Path:
        cached = self.cache / package.sha256
        if cached.is_file() and sha256_file(cached) == package.sha256:
            return cached
        if self.offline:
            raise ToolError(
                f"{package.name} {package.version} is not in the cache", remedy="build once without --offline"
            )
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.cache) as folder:
            fresh = Path(folder) / "package"
            download(fresh)
            if (digest := sha256_file(fresh)) != package.sha256:
                raise ToolError(
                    f"{package.name} {package.version} has the SHA-256 {digest}, not that of the lock",
                    remedy=f"do not trust this mirror; if the package was replaced, {RELOCK}",
                )
            fresh.replace(cached)
        return cached

    def _download(self, package: Locked, url: str, out: Path) -> None:
        try:
            with out.open("wb") as file:
                for piece in self._pieces(url, package.size):
                    file.write(piece)
        except FileNotFoundError as error:
            raise InputError(f"{package.name} {package.version} is no longer to be had", remedy=RELOCK) from error

    def _pieces(self, url: str, most: int) -> Iterator[bytes]:
        """Raises FileNotFoundError where the server says so."""
        import httpx2

        if self.offline:
            raise ToolError(f"{url} is not looked at offline", remedy="leave --offline out")
        got = 0
        try:
            with httpx2.stream("GET", url, follow_redirects=True, timeout=SECONDS) as reply:
                if reply.status_code in (404, 410):
                    raise FileNotFoundError(url)
                reply.raise_for_status()
                for piece in reply.iter_bytes(PIECE):
                    got += len(piece)
                    if got > most:
                        raise ToolError(
                            f"{url} has more than the {most} bytes that it should", remedy="use another mirror"
                        )
                    yield piece
        except httpx2.HTTPError as error:
            raise ToolError(
                f"{url} cannot be fetched ({error})", remedy="check the network, or use a mirror"
            ) from error
