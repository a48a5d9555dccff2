from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.support.rates import know_rates


@pytest.fixture(autouse=True)
def keep_logging() -> Iterator[None]:
    """The command line sets up logging for its process; here that is the test run's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture(autouse=True)
def known_rates(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """`edge bench` would measure this machine, and keep what it finds in the user's cache."""
    know_rates(tmp_path_factory.mktemp("cache") / "known", monkeypatch)
