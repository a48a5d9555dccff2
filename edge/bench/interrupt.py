"""Ctrl-C in the measured process: noted, so that what was measured until then can be kept."""

from __future__ import annotations

import os
import signal
from types import FrameType


class Interrupt:
    """Whether somebody wants the measurement to end: by SIGINT, or because the process that started it is gone.

    A query is never cut off: an engine's call does not come back before it is done, and a child's answer to half a
    question would be the answer to the next one.
    """

    def __init__(self, parent: int) -> None:
        """`parent` is the id of the process that asked for the measurement."""
        self._parent = parent
        self._noted = False

    def listen(self) -> None:
        """Note SIGINT from here on, and only that."""
        signal.signal(signal.SIGINT, self._note)

    def __call__(self) -> bool:
        """Ask; this takes a microsecond at most."""
        return self._noted or os.getppid() != self._parent

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self._noted = True
