"""How large an image may be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from edge.cli.printer import mebibytes
from edge.errors import CheckError, InputError
from packager.image.layer import Layer

UNITS: Mapping[str, int] = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "KI": 1 << 10, "MI": 1 << 20, "GI": 1 << 30}


def parse_bytes(text: str) -> int:
    """`110MB`, `3GB`, `290MiB` as bytes; raises InputError for anything else."""
    found = re.fullmatch(r"(\d{1,12})\s*([kmg]i?)?b?", text.strip(), re.IGNORECASE)
    if found is None:
        raise InputError(f"{text!r} is no size", remedy="write it as 110MB or 3GB")
    return int(found[1]) * UNITS[(found[2] or "").upper()]


def check_budget(layers: Sequence[Layer], most: int) -> None:
    """Raises CheckError, which names every layer with its size, where they have more than `most` bytes together."""
    total = sum(layer.size for layer in layers)
    if total > most:
        sizes = ", ".join(f"{layer.created_by.removeprefix('edgepack: ')} {mebibytes(layer.size)}" for layer in layers)
        raise CheckError(
            f"the image has {mebibytes(total)}, {mebibytes(total - most)} over its budget ({sizes})",
            remedy="give a bundle with one engine, or a larger --budget",
        )
