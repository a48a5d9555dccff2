"""The clock of a measurement, one object so that a test can bring time of its own."""

from __future__ import annotations

import time


class Clock:
    """Seconds that never go back, to the nanosecond; only differences mean anything."""

    def now(self) -> float:
        """The time, in seconds."""
        return time.perf_counter_ns() * 1e-9

    def wait_until(self, moment: float) -> None:
        """Return at `moment`, or at once where it has passed."""
        while (left := moment - self.now()) > 0:
            time.sleep(left)
