"""How many pixels a page may have for a given memory."""

from __future__ import annotations

from edge.preprocess.images import MAX_PIXELS

OWN = 280_000_000  # bytes: the interpreter, the libraries, the networks and what they work in
BYTES_A_PIXEL = 8  # while a page is decoded: its pixels, and once more while they are turned, converted or handed over


def max_pixels_within(memory: int) -> int:
    """The most pixels of a page that is read within `memory` bytes of a process; at least one million."""
    return min(max((memory - OWN) // BYTES_A_PIXEL, 1_000_000), MAX_PIXELS)
