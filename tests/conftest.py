"""Settings of the whole test run: how many examples a property gets, and where Paddle Lite's interpreter is."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# Examples are the same in every run (derandomize), so a red test is red for everyone; `make test-full` looks further.
settings.register_profile("default", max_examples=25, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "full", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# `make` sets these; a bare `pytest` should find the same interpreters.
for _variable, _folder in (("EDGEPACK_LITE_PYTHON", ".venv-lite"), ("EDGEPACK_PADDLE3_PYTHON", ".venv-paddle3")):
    if (_python := ROOT / _folder / "bin" / "python").exists():
        os.environ.setdefault(_variable, str(_python))
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# What a shell starts in the background ignores Ctrl-C, and so would every command that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def data() -> Path:
    """The evaluation data. Missing it is a failure where CI=true or EDGEPACK_DATA is set, else the test is skipped."""
    said = os.environ.get("EDGEPACK_DATA")
    folder = Path(said) if said else ROOT.parent / "shared" / "data"
    if (folder / "images" / "labels.csv").exists():
        return folder
    reason = f"no evaluation data in {folder}; EDGEPACK_DATA says where it is"
    if said or os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def ocr_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PP-OCRv4, built once in a run (20 s), whatever the number of its workers. Do not change it: copy it."""
    from tests.support.ocr import build_once

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return build_once(shared / "ppocrv4-ocr.edge")


@pytest.fixture(scope="session")
def pages_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small bundle that reads pages of coloured squares. Do not change it."""
    from tests.support.page_bundle import page_bundle

    return page_bundle(tmp_path_factory.mktemp("bundles") / "pages.edge")
