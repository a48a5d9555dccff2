"""One item of an issue's list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.goals import Row


@dataclass(frozen=True)
class Show:
    """`run` gets a folder of its own and reports row by row."""

    number: int
    title: str
    run: Callable[[Path], Iterator[Row]]
