"""The lock: every package that an image is made of, by its SHA-256. A build fetches nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edge.errors import BundleError, InputError
from edge.plain_json import parse_json
from edge.records import Record
from edge.whole_file import whole_file

FORMAT = 1
LARGEST = 4 << 20
"""Bytes of a lock; a real one has twenty thousand."""

MACHINES: Mapping[str, str] = {"arm64": "aarch64", "amd64": "x86_64"}
"""Python's name of a machine by Debian's."""

RELOCK = "lock again: packager image lock"


@dataclass(frozen=True, kw_only=True)
class Locked(Record):
    """A package: `file` is its name at the archive (a path for Debian's, a file name for wheels), `size` in bytes."""

    name: str
    version: str
    file: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Lock(Record):
    """`suite` is Debian's, `architecture` Debian's name of the machine.

    `python` is the version in the base (`3.13`), `glibc` the second part of its C library's (41 of 2.41).
    """

    format: int
    suite: str
    architecture: str
    python: str
    glibc: int
    packages: tuple[Locked, ...]
    wheels: tuple[Locked, ...]


def write_lock(lock: Lock, out: Path) -> None:
    """Write the lock as JSON, a line for each field, whole or not at all."""
    with whole_file(out) as file:
        file.write((json.dumps(lock.to_json(), indent=1, ensure_ascii=False) + "\n").encode())


def read_lock(path: Path) -> Lock:
    """Raises InputError where there is none, or it is not what it should be."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError(f"it is over {LARGEST >> 20} MiB")
        lock = Lock.from_json(parse_json(data), path.name)
    except (OSError, ValueError, RecursionError, BundleError) as error:
        raise InputError(f"the lock {path} cannot be read ({error})", remedy=RELOCK) from error
    if lock.format != FORMAT:
        raise InputError(f"the lock {path} has format {lock.format}, not {FORMAT}", remedy=RELOCK)
    if lock.architecture not in MACHINES:
        raise InputError(f"the lock {path} is for {lock.architecture!r}, which no image is for", remedy=RELOCK)
    return lock
