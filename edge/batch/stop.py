"""Ctrl-C and SIGTERM: noted, so that what was begun can be finished; the second one ends the process at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether somebody wants the work to end: by a signal, or because it cannot go on. Asked from many threads."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.signal = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note SIGINT and SIGTERM for the length of the block; one that follows another has its usual effect."""
        before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def ask(self) -> None:
        """Ask for the end without a signal."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Whether it was asked for, at the latest after `seconds`."""
        return self._event.wait(seconds)

    def __call__(self) -> bool:
        """Ask whether it was asked for."""
        return self._event.is_set()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, signal.SIG_DFL)
        # Not from here: this frame may have interrupted a thread that holds the event's lock.
        threading.Thread(target=self._event.set).start()
