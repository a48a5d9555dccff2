"""Watches the machine while something is measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from typing import TypeVar

from edge.bench.evidence.conditions import Conditions

T = TypeVar("T")


def watched(work: Callable[[], T]) -> tuple[T, Conditions]:
    """What `work` gives, and the conditions meanwhile; the steady phase is the time that `work` takes."""
    done = work()
    return done, Conditions(kernel=platform.release(), affinity=tuple(sorted(os.sched_getaffinity(0))))
