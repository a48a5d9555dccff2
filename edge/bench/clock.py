"""The clock of a measurement, one object so that a test can bring time of its own."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Seconds that never go back, to the nanosecond; only differences mean anything."""

    @property
    def now(self) -> Callable[[], float]:
        """What gives the time, in seconds: the bare clock, for a query's own time begins and ends in its call."""
        return time.perf_counter

    def wait_until(self, moment: float) -> None:
        """Return at `moment`, or at once where it has passed."""
        while (left := moment - self.now()) > 0:
            time.sleep(left)
