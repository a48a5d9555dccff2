"""Whether memory grows from input to input."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Growth(Record):
    """Memory over inputs of varied sizes, drawn from `seed`.

    `resident` are bytes of this process and its children: before the first input (after warm-up), then after each.
    """

    seed: int
    resident: tuple[int, ...]
