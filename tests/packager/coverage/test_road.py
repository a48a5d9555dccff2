"""The engines are apart: what one of them refuses does not stop the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.coverage import road
from packager.coverage.checkpoint import write_checkpoint
from packager.coverage.types import ModelType
from packager.errors import UnsupportedModelError
from packager.lower.legalise import legalise
from packager.lower.program import Program

REFUSAL = "Paddle Lite for arm does not list gelu (2×)"


def _refuse_lite(program: Program, engine: str) -> Program:
    if engine == "paddlelite":
        raise UnsupportedModelError(REFUSAL)
    return legalise(program, engine)


def test_a_network_that_lite_refuses_keeps_its_onnx_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road, "legalise", _refuse_lite)
    one = ModelType("text-classification", "distilbert")
    folder = write_checkpoint(one, tmp_path / "model")
    (tmp_path / "built").mkdir()
    cells = road.travel(folder, one.task, tmp_path / "built").cells
    assert [cells[column].reason for column in ("lite_arm", "lite_x86")] == [REFUSAL] * 2
    assert cells["lite_x86"].missing == ("gelu",)
    assert all(0 <= cells[column].error <= cells[column].tolerance for column in ("paddle", "onnx"))
    assert [cells[column].reason for column in ("paddle", "onnx")] == ["", ""]
