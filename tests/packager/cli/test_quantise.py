"""`packager quantise` and `packager build --precision` as a user starts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edge.bundle import open_bundle
from edge.cli.application import run
from edge.verify import verify
from packager.cli import group
from tests.support.bundles import FIXTURE
from tests.support.calibration import colour_pictures
from tests.support.checkpoints import write_resnet


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run(group, "packager", [str(one) for one in arguments])
    return code, *capsys.readouterr()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_bundle_of_another_host_has_no_programs_here(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out.edge"
    code, said, error = _run(capsys, "quantise", FIXTURE, "-o", out, "--calibration", tmp_path)
    assert (code, said) == (2, "")
    assert "is not in the build cache" in error
    assert "--engine onnxruntime" in error
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--precision", "int8", "--target", "arm64"], "none were given"),
        (["--precision", "int8", "--target", "arm64", "--calibration", "/no/such/folder"], "no calibration set"),
        (["--calibration", "/no/such/folder"], "fp32 needs no calibration"),
        (["--precision", "auto", "--target", "rpi5"], "this host cannot tell"),
        (["--precision", "int8", "--target", "x86-64"], "no int8 arithmetic"),
        (["--precision", "int9"], "'int9' is no precision"),
    ],
)
def test_a_build_that_could_not_be_quantised_does_not_begin(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # The source is never looked at.
    code, _, error = _run(capsys, "build", tmp_path / "nowhere", "-o", tmp_path / "out.edge", *options)
    assert code == 2
    assert said in error


@pytest.mark.full
def test_from_a_model_to_int8_for_both_engines_at_once_and_from_the_build_cache(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model = write_resnet(tmp_path / "resnet")
    pictures = colour_pictures(tmp_path / "pictures", 40, labelled=False)
    # The arithmetic of this host must not decide.
    wanted = ["--precision", "int8", "--target", "arm64", "--calibration", pictures, "--max-drop", 100]
    wanted += ["--method", "min-max"]
    at_once, fp32, later = (tmp_path / f"{name}.edge" for name in ("at-once", "fp32", "later"))
    assert _run(capsys, "build", model, "-o", at_once, "--allow-licence", "MIT", *wanted)[0] == 0
    assert _run(capsys, "build", model, "-o", fp32, "--allow-licence", "MIT")[0] == 0
    code, said, _ = _run(capsys, "quantise", fp32, "-o", later, *wanted, "--json")
    assert code == 0
    manifest = json.loads(said)
    assert manifest["name"] == "later"
    for out in (at_once, later):
        made = open_bundle(out)
        (stage,) = made.manifest.stages
        assert {one.precision.partition("-")[0] for one in stage.artifacts if one.place != "x86"} == {"int8"}
        assert verify(made).checks
        assert stage.quantisation is not None
        assert stage.quantisation.calibration is not None
        assert stage.quantisation.calibration.score == "agreement"
