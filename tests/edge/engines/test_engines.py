from __future__ import annotations

from dataclasses import replace

import pytest

from edge.bundle import open_bundle
from edge.engines import ENGINES, Asked, choose, engine_entry
from edge.errors import EnvironmentLackError, InputError, SessionError
from edge.machine import this_machine
from edge.manifest import Artifact, Requires
from tests.support.bundles import FIXTURE

STAGE = open_bundle(FIXTURE).manifest.stages[0]
ONNX, ARM, X86 = STAGE.artifacts
PC = replace(this_machine(), machine="x86_64", board="x86-64")
PI = replace(this_machine(), machine="aarch64", board="rpi5")


def test_the_first_engine_of_the_registry_is_preferred() -> None:
    assert next(iter(ENGINES)) == "onnxruntime"
    assert choose(replace(STAGE, artifacts=(X86, ARM, ONNX)), machine=PC) == ONNX


@pytest.mark.parametrize(("machine", "artifact"), [(PC, X86), (PI, ARM)])
def test_the_place_follows_the_machine(machine: object, artifact: Artifact) -> None:
    assert choose(STAGE, "paddlelite", machine=machine) == artifact  # type: ignore[arg-type]


def test_an_artifact_for_one_board_runs_on_that_board_only() -> None:
    stage = replace(STAGE, artifacts=(replace(ONNX, place="rpi4"), replace(ONNX, place="rpi5", file="pi5.onnx")))
    assert choose(stage, machine=PI).file == "pi5.onnx"
    with pytest.raises(EnvironmentLackError, match="rpi4"):
        choose(stage, machine=PC)


def test_an_engine_that_is_not_installed_leaves_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise SessionError("onnxruntime cannot be imported", remedy="install it")

    monkeypatch.setitem(ENGINES, "onnxruntime", replace(ENGINES["onnxruntime"], version=missing))
    assert choose(STAGE, machine=PC) == X86
    with pytest.raises(SessionError, match="onnxruntime") as caught:
        choose(STAGE, "onnxruntime", machine=PC)
    assert caught.value.exit_code == 3
    monkeypatch.delenv("EDGEPACK_LITE_PYTHON")
    with pytest.raises(SessionError, match="onnxruntime"):
        choose(STAGE, machine=PC)


def test_a_missing_engine_says_more_than_an_artifact_for_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDGEPACK_LITE_PYTHON")
    with pytest.raises(SessionError, match="not installed"):
        choose(STAGE, "paddlelite", machine=PC)


def test_an_engine_too_old_for_the_manifest_leaves_the_next() -> None:
    assert choose(STAGE, requires=Requires(engines={"onnxruntime": ">=99"}), machine=PC) == X86
    with pytest.raises(EnvironmentLackError, match=">=99"):
        choose(replace(STAGE, artifacts=(replace(ONNX, minimum_engine="99"),)), machine=PC)


def test_what_the_bundle_does_not_have_is_a_wrong_option() -> None:
    with pytest.raises(InputError, match="nothing for paddlelite") as caught:
        choose(replace(STAGE, artifacts=(ONNX,)), "paddlelite")
    assert "it has: onnxruntime" in caught.value.remedy
    with pytest.raises(InputError, match="tflite"):
        engine_entry("tflite")


def test_engines_of_a_later_version_are_passed_over() -> None:
    later = replace(ONNX, engine="later")
    assert choose(replace(STAGE, artifacts=(later, ONNX)), machine=PC) == ONNX
    with pytest.raises(InputError, match="nothing for onnxruntime or paddlelite"):
        choose(replace(STAGE, artifacts=(later,)), machine=PC)


def test_what_is_asked_and_what_is_given_is_compared(caplog: pytest.LogCaptureFixture) -> None:
    Asked(threads=2, strict=True).compare("threads", 2, 2)
    with pytest.raises(SessionError, match="asked for threads 4, the engine gives 1"):
        Asked(threads=4, strict=True).compare("threads", 4, 1)
    Asked(threads=4).compare("threads", 4, 1)
    assert "asked for threads 4, the engine gives 1" in caplog.text
