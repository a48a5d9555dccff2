"""What `opt` made of a model: the kernels that it picked, as they stand in the `.nb`.

Each operator of the file has an attribute `TYPE/ALIAS/TARGET/PRECISION/LAYOUT` (lite/core/op_lite.cc,
lite/api/paddle_place.h).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

KERNEL = re.compile(rb"([a-z][a-z0-9_]*)/[A-Za-z0-9_]+/(\d+)/(\d+)/(\d+)")
PRECISIONS = {1: "float32", 2: "int8", 3: "int32", 4: "any", 5: "float16", 7: "int64"}
MOVES = frozenset({"calib", "calib_once", "calib_inplace", "io_copy", "io_copy_once", "layout", "layout_once"})
"""Operators that `opt` puts between kernels of different precision."""


def kernels(nb: Path) -> Counter[tuple[str, str]]:
    """How often each pair of type and precision occurs, without what only moves between precisions."""
    found = ((m[1].decode(), PRECISIONS.get(int(m[3]), m[3].decode())) for m in KERNEL.finditer(nb.read_bytes()))
    return Counter(kernel for kernel in found if kernel[0] not in MOVES)


def in_precision(nb: Path, precision: str) -> int:
    """How many operators run in it."""
    return sum(count for (_, of), count in kernels(nb).items() if of == precision)
