"""Exceptions of libraries arrive as ours, with their cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import EdgeError, EnvironmentLackError
from packager.capture.translate import translating, within_memory, writing
from packager.errors import SourceError, UnsupportedModelError


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (ValueError("bad\nmore"), SourceError),
        (KeyError("name"), SourceError),
        (ImportError("natten"), UnsupportedModelError),
        (MemoryError(), EnvironmentLackError),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), EnvironmentLackError),
        (UnsupportedModelError("ours"), UnsupportedModelError),
    ],
)
def test_every_exception_has_one_of_ours(raised: Exception, expected: type[EdgeError]) -> None:
    with pytest.raises(expected) as caught, translating("it cannot be", SourceError, remedy="mend it"):
        raise raised
    assert "\n" not in caught.value.message
    assert caught.value is raised or caught.value.__cause__ is raised


@pytest.mark.parametrize("raised", [MemoryError(), RuntimeError("can't allocate memory: 8 bytes")])
def test_memory_that_runs_out_is_said(raised: Exception) -> None:
    with pytest.raises(EnvironmentLackError, match="not enough memory"), within_memory():
        raise raised


def test_other_faults_of_ours_are_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="a fault"), within_memory():
        raise RuntimeError("a fault")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentLackError, match="cannot be written"), writing(tmp_path):
        (tmp_path / "nowhere" / "file").write_text("x")
