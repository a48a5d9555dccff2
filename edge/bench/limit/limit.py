"""The least time that one query can take, from what its network computes and must move."""

from __future__ import annotations

from dataclasses import dataclass

from edge.bench.limit.rates import Rates
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Limit(Record):
    """Of one query of the engine that was measured.

    `flops` counts matrix products and convolutions, a multiplication and an addition as two; `bytes` what must be
    moved however the network is run: weights, inputs, outputs. `uncounted` names operators that may hold products and
    were not counted. `rates` are what this machine reaches at most.
    """

    flops: int
    bytes: int
    uncounted: tuple[str, ...] = ()
    rates: Rates

    @property
    def computing(self) -> float:
        """Seconds that the products take at the machine's best rate."""
        return self.flops / self.rates.flops_per_second

    @property
    def moving(self) -> float:
        """Seconds that weights, inputs and outputs take at the machine's best rate for so many bytes."""
        return self.bytes / self.rates.bytes_per_second(self.bytes)

    @property
    def seconds(self) -> float:
        """The least time: computing and moving may overlap completely."""
        return max(self.computing, self.moving)

    def share(self, measured: float) -> float:
        """How much of the limit a query of `measured` seconds reached: 1.0 is as fast as the machine can be."""
        return self.seconds / measured
