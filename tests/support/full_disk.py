"""A disk that takes no more, for the length of a block."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

SAYS = "File too large"
"""What the kernel says then, where a disk that is full would say "No space left on device"."""


@contextmanager
def full_disk(size: int = 4096) -> Iterator[None]:
    """No file gets larger than `size` bytes, of this process and those that it starts."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
