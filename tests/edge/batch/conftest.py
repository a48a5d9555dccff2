from __future__ import annotations

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
