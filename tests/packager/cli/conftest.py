from __future__ import annotations

import logging
import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def keep_process() -> Iterator[None]:
    """The command line sets up logging and a signal for its process; here that is the test run's."""
    root, build = logging.getLogger(), logging.getLogger("packager.build")
    handlers, level, of_build, on_end = root.handlers[:], root.level, build.level, signal.getsignal(signal.SIGTERM)
    yield
    root.handlers[:], root.level = handlers, level
    build.setLevel(of_build)
    signal.signal(signal.SIGTERM, on_end)
