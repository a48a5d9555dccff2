"""What a machine reaches at most: float32 products, and bytes that are moved."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Moving(Record):
    """`rate` in bytes per second, where `bytes` are touched again and again: what fits a cache is faster."""

    bytes: int
    rate: float


@dataclass(frozen=True, kw_only=True)
class Rates(Record):
    """The best that was measured with so many threads, on `date`; `moving` from the smallest size to the largest.

    `cpu_share` is the CPU time that the threads were given of what they asked for, 1.0 where nothing else ran.
    """

    threads: int
    date: str
    cpu_share: float
    flops_per_second: float
    moving: tuple[Moving, ...]

    def bytes_per_second(self, size: int) -> float:
        """The rate for so many bytes: of the largest size measured that is not above it, which is never too slow."""
        return [one.rate for one in self.moving if one.bytes <= size or one is self.moving[0]][-1]
