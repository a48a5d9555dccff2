"""`python -m benchmarks.shows 5 1`: speed, size and accuracy of every model in fp32, in int8 and as `auto` chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.quantise.suites import PARTS


def run(folder: Path) -> Iterator[Row]:
    """Model by model."""
    for part in PARTS.values():
        yield from part(folder)
