"""`python -m benchmarks.shows 2 4`: networks that cannot be built, refused before their weights are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.shows.refusals import refusals
from tests.support.bad_inputs import ARCHITECTURES, Materials


def run(folder: Path) -> Iterator[Row]:
    """Try each with `packager build`."""
    return refusals(ARCHITECTURES, Materials(folder))
