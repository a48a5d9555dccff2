"""Time that passes only where a test lets it."""

from __future__ import annotations

from collections.abc import Callable

from edge.bench.clock import Clock


class SimulatedClock(Clock):
    """Stands still but for `pass_time` and for waiting, which is exact."""

    def __init__(self) -> None:
        self.moment = 0.0

    @property
    def now(self) -> Callable[[], float]:
        return lambda: self.moment

    def wait_until(self, moment: float) -> None:
        self.moment = max(self.moment, moment)

    def pass_time(self, seconds: float) -> None:
        self.moment += seconds
