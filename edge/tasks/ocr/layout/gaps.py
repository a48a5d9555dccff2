"""Stretches of a line that nothing covers."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[float, float]


def gaps(covered: Iterable[Span], least: float = 0.0) -> list[Span]:
    """The stretches between what is covered, ascending, those of at least `least`."""
    spans = sorted(covered)
    found: list[Span] = []
    end = spans[0][1] if spans else 0.0
    for start, stop in spans:
        if start > end and start - end >= least:
            found.append((end, start))
        end = max(end, stop)
    return found
