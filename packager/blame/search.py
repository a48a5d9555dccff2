"""A search for the first wrong place in an order, where everything before a wrong place may only be asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def first_wrong(count: int, are_right: Callable[[Sequence[int]], Sequence[bool]], *, at_once: int = 1) -> int:
    """A wrong place among `count` of which the place before is right; the last one is known to be wrong.

    `are_right` judges up to `at_once` places in rising order with one call: with 1 this is a binary search, and with n
    the interval shrinks to its (n + 1)th part with every call.
    """
    low, high = 0, count - 1
    while low < high:
        asked = _spread(low, high, at_once)
        verdicts = are_right(asked)
        wrong = next((place for place, right in zip(asked, verdicts, strict=True) if not right), high)
        low = max((place + 1 for place in asked if place < wrong), default=low)
        high = wrong
    return high


def _spread(low: int, high: int, at_once: int) -> list[int]:
    """Up to `at_once` places of [low, high), evenly apart."""
    parts = min(at_once, high - low) + 1
    return sorted({low + (high - low) * part // parts for part in range(1, parts)} or {low})
