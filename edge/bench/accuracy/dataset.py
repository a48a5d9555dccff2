"""A labelled dataset: what goes in, and the truth beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.errors import InputError


@dataclass(frozen=True)
class Example:
    """`given` is what a model takes (a path or a text), `truth` a label or a text."""

    name: str
    given: Any
    truth: str


@dataclass(frozen=True)
class Dataset:
    """`digest` is the SHA-256 of all names, truths and sizes of files."""

    name: str
    digest: str
    examples: tuple[Example, ...]


def make_dataset(path: Path, examples: Sequence[Example]) -> Dataset:
    """Raises InputError where there is no example, or a file of one is missing."""
    if not examples:
        raise InputError(f"the dataset {path} has no examples", remedy="give another one")
    told = hashlib.sha256()
    for example in examples:
        told.update(f"{example.name}\0{example.truth}\0{_size(path, example)}\n".encode(errors="surrogateescape"))
    return Dataset(path.absolute().name, told.hexdigest(), tuple(examples))


def read_text(path: Path) -> str:
    """The text of a file that says what is true; raises InputError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise InputError(f"{path} cannot be read ({error})", remedy="give a UTF-8 file that can be read") from error


def _size(path: Path, example: Example) -> int:
    if not isinstance(example.given, os.PathLike):
        return 0
    try:
        return Path(example.given).stat().st_size
    except OSError as error:
        raise InputError(
            f"the dataset {path} lacks {example.name} ({error.strerror})", remedy="complete it, or correct its labels"
        ) from error
