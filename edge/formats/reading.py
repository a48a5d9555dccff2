"""What a format is written from: what was read, and where it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.preprocess.images import Picture
from edge.results import Document


@dataclass(frozen=True)
class Reading:
    """One input's name and text. `pictures` gives its pages again, where a format shows them.

    `fonts` are files that are tried, before those of the system, where text is drawn.
    """

    name: str
    document: Document
    pictures: Callable[[], Iterator[Picture]]
    fonts: tuple[Path, ...] = ()
