"""Tells a person who waits what the build is doing, and how long each step took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger("packager.build")


def note(name: str, what: str) -> None:
    """Tell something that the user should know of the build."""
    log.info("%-9s          %s", name, what)


@contextmanager
def step(name: str, what: str) -> Iterator[None]:
    """Log the step when it is done, with its seconds; a failing step logs nothing, its error speaks."""
    begin = time.perf_counter()
    yield
    log.info("%-9s %5.1f s  %s", name, time.perf_counter() - begin, what)
