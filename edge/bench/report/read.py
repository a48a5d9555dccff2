"""Records from files and folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from edge.bench.record import Measurement, read_measurement
from edge.errors import InputError


def read_records(paths: Sequence[Path]) -> list[Measurement]:
    """The records of files, of a folder's `.json` files, and of patterns (`sweep/*-2t-*.json`), each sorted by name.

    Raises InputError for what is no record, and for a folder or pattern without any.
    """
    files: list[Path] = []
    for path in paths:
        inside = sorted(_inside(path))
        if not inside:
            raise InputError(f"{path} holds no record", remedy="give records of edge bench -o")
        files += inside
    return [read_measurement(file) for file in files]


def _inside(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from path.glob("*.json")
    elif not path.exists() and any(letter in path.name for letter in "*?["):
        yield from path.parent.glob(path.name)
    else:
        yield path
