"""How far a batch is, on a line of its own of a terminal; nothing where standard error is no terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from edge.batch.records import Record, is_failure

EVERY = 0.2


class Progress:
    """Counts records; `before` of the `total` were there when this run began, `failed` of them failures."""

    def __init__(
        self,
        total: int,
        *,
        before: int = 0,
        failed: int = 0,
        out: TextIO = sys.stderr,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = total
        self.done = before
        self.failed = failed
        self._before = before
        self._out = out
        self._clock = clock
        self._start = clock()
        self._shown = self._start - EVERY

    @property
    def seconds(self) -> float:
        """Since this run began."""
        return self._clock() - self._start

    @property
    def rate(self) -> float:
        """Inputs a second in this run; 0 where nothing was read yet."""
        return (self.done - self._before) / self.seconds if self.seconds > 0 else 0.0

    def add(self, records: Sequence[Record]) -> None:
        """Count records, and show where this is."""
        self.done += len(records)
        self.failed += sum(map(is_failure, records))
        if self._out.isatty() and self._clock() - self._shown >= EVERY:
            self._shown = self._clock()
            self._out.write(f"\r{self.line()}\x1b[K")
            self._out.flush()

    def line(self) -> str:
        """`120/300  40%  12.3/s  15 s left  2 failed`."""
        left = f"  {span((self.total - self.done) / self.rate)} left" if self.rate and self.done < self.total else ""
        failed = f"  {self.failed} failed" if self.failed else ""
        share = self.done / self.total if self.total else 1.0
        return f"{self.done}/{self.total}  {share:.0%}  {self.rate:.3g}/s{left}{failed}"

    def clear(self) -> None:
        """Leave the terminal's line empty."""
        if self._out.isatty():
            self._out.write("\r\x1b[K")
            self._out.flush()


def span(seconds: float) -> str:
    """`15 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
