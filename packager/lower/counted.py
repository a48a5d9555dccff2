"""How operators are named and counted in messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def counted(operators: Iterable[str]) -> str:
    """`aten.celu.default (3×), aten.im2col.default (1×)`, the most frequent first."""
    counts = sorted(Counter(operators).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} ({count}×)" for name, count in counts)
