from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from edge.engines import open_session
from packager.emit.lite_python import VARIABLE, lite_python, lite_version
from packager.emit.to_lite import to_lite
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, UnsupportedModelError
from packager.lower.program import Program
from tests.support.engines import save
from tests.support.programs import ProgramMaker


def without_weights() -> Program:
    maker = ProgramMaker()
    return maker.program(y=maker.emit("relu6", {"X": maker.input("x", "float32", ("batch", 4))}))


@pytest.mark.parametrize("place", ["arm", "x86"])
def test_bytes_are_the_same_again(tmp_path: Path, place: Literal["arm", "x86"]) -> None:
    model = PaddleModel(*save(without_weights(), tmp_path))
    first, second = (to_lite(model, tmp_path, name=name, place=place) for name in ("one", "two"))
    assert first.file.read_bytes() == second.file.read_bytes()
    assert first.file.name == f"one.{place}.nb"


def test_paddle_lite_runs_it(tmp_path: Path) -> None:
    program = without_weights()
    made = to_lite(PaddleModel(*save(program, tmp_path)), tmp_path, name="model", place="x86")
    session = open_session("paddlelite", made.file, inputs=program.inputs, outputs=program.outputs, threads=1)
    try:
        assert session.run({"x": np.array([[-1, 1, 6, 8]], np.float32)})["y"].tolist() == [[0, 1, 6, 6]]
    finally:
        session.close()


def test_an_operator_that_it_lacks_is_refused_before_opt_runs(tmp_path: Path) -> None:
    maker = ProgramMaker()
    program = maker.program(y=maker.emit("celu", {"X": maker.input("x", "float32", (2, 3))}, {"alpha": 1.0}))
    with pytest.raises(UnsupportedModelError, match=r"celu \(1×\)"):
        to_lite(PaddleModel(*save(program, tmp_path)), tmp_path, name="model", place="arm")


def test_a_crash_of_opt_is_quoted(tmp_path: Path) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 3))
    chosen = {"Condition": maker.constant(np.ones((2, 3), bool)), "X": x, "Y": x}
    program = maker.program(y=maker.emit("where", chosen, like=x))
    with pytest.raises(ToolError, match="unknown type 0") as caught:
        to_lite(PaddleModel(*save(program, tmp_path)), tmp_path, name="model", place="arm")
    assert "--engine onnxruntime" in caught.value.remedy
    assert not (tmp_path / "model.arm.nb").exists()


@pytest.mark.parametrize(("python", "reason"), [("/usr/bin/false", "no paddlelite"), ("/no/python", "does not start")])
def test_an_interpreter_without_it(monkeypatch: pytest.MonkeyPatch, python: str, reason: str) -> None:
    monkeypatch.setenv(VARIABLE, python)
    with pytest.raises(ToolError, match=reason) as caught:
        lite_python()
    assert caught.value.exit_code == 3
    assert VARIABLE in caught.value.remedy
    assert "--engine onnxruntime" in caught.value.remedy


def test_the_version_is_the_interpreters() -> None:
    assert lite_version().startswith("2.13")
