"""The inputs of a batch: each name once, and in chunks that depend on nothing but the list."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import islice

from edge.batch.place import Chunk
from edge.gather import Given


def once(given: Iterable[Given]) -> Iterator[Given]:
    """Each name once: what is named twice is read once."""
    seen: set[str] = set()
    for one in given:
        if one.name not in seen:
            seen.add(one.name)
            yield one


def chunks(given: Callable[[], Iterable[Given]], size: int, done: Container[str]) -> Iterator[Chunk]:
    """`size` inputs at a time, without those that are done; a chunk has the same inputs in every run."""
    inputs = once(given())
    while chunk := list(islice(inputs, size)):
        if left := [one for one in chunk if one.name not in done]:
            yield left
