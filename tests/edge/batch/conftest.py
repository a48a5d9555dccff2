from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.models import colour_bundle, hungry_bundle, slow_bundle, word_bundle


@pytest.fixture(scope="package")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    colour_bundle(folder / "colour.edge")
    slow_bundle(folder / "slow.edge")
    hungry_bundle(folder / "hungry.edge")
    word_bundle(folder / "word.edge")
    return folder


@pytest.fixture
def unsignalled() -> Iterator[None]:
    """As `Arriving` wants it: a writer that comes while it looks ends nothing."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGIO, before)
