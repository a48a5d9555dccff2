"""Mixed precision: the blocks that cost most accuracy stay in float until a budget holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

SHARE = 0.5
"""Of the blocks, at most this share stays in float: with more, nothing is left to gain."""


class Part(Protocol):
    """Nodes that stay in float together."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """Their names."""


def mixed(
    found: Sequence[Part], fragile: Collection[str], holds: Callable[[tuple[str, ...]], bool]
) -> tuple[str, ...] | None:
    """What to keep in float: the fragile nodes and as few of the worst blocks as keep the budget; None if none does.

    `found` has the worst first; `holds` quantises and judges, so it is asked about 2 log2(blocks) times at most: with
    1, 2, 4... blocks, then between the last two. That takes the drop to fall as blocks are added.
    """

    def floats(count: int) -> tuple[str, ...]:
        return tuple(sorted({*fragile, *(name for block in found[:count] for name in block.nodes)}))

    most = int(len(found) * SHARE)
    low, high = -1, 0  # low does not hold, high is asked next
    while not holds(floats(high)):
        if high >= most:
            return None
        low, high = high, min(max(1, 2 * high), most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(floats(middle)) else (middle, high)
    return floats(high)
