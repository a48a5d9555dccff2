"""Records from files and folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edge.bench.record import Measurement, read_measurement
from edge.errors import InputError


def read_records(paths: Sequence[Path]) -> list[Measurement]:
    """The records that are named, and all `.json` files of a folder, by name; raises InputError for an empty one."""
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise InputError(f"{path} holds no record", remedy="give records of edge bench -o")
        files += inside
    return [read_measurement(file) for file in files]
