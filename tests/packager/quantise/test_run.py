"""The whole line on a small network: from an fp32 bundle to one that is faster, or to fp32 with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import edge
from edge.bundle import Bundle, open_bundle
from edge.errors import InputError
from edge.machine import this_machine
from edge.manifest import Stage
from edge.quantisation import CandidateRecord, Quantisation
from edge.verify import verify
from packager.quantise import targets
from packager.quantise.run import quantise
from packager.quantise.settings import Settings
from tests.support.calibration import colour_pictures
from tests.support.colour_network import colour_network
from tests.support.page_bundle import squares


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return colour_pictures(tmp_path_factory.mktemp("set") / "pictures", 40)


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return open_bundle(colour_network(tmp_path_factory.mktemp("bundle") / "colours.edge"))


@pytest.fixture(autouse=True, scope="module")
def vnni() -> Iterator[None]:
    """Whether this machine has VNNI must not decide what is tried."""
    machine = replace(this_machine(), machine="x86_64", features=("avx512_vnni",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targets, "this_machine", lambda: machine)
        yield


def _settings(precision: str, calibration: Path | None, **more: object) -> Settings:
    return replace(Settings(precision=precision, calibration=calibration, method="min-max", seconds=0.1), **more)  # type: ignore[arg-type]


def _record(stage: Stage) -> Quantisation:
    assert stage.quantisation is not None
    return stage.quantisation


def _chosen(stage: Stage) -> CandidateRecord:
    (chosen,) = [one for one in _record(stage).candidates if one.verdict == "chosen"]
    return chosen


@pytest.fixture(scope="module")
def int8(colours: Bundle, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    out = tmp_path_factory.mktemp("made") / "int8.edge"
    return quantise(colours, out, _settings("int8", pictures), {}, name="int8")


def test_int8_is_smaller_says_the_same_and_verifies(colours: Bundle, int8: Bundle, pictures: Path) -> None:
    made = int8
    (stage,) = made.manifest.stages
    (artifact,) = stage.artifacts
    assert made.manifest.name == "int8"
    assert artifact.precision == _chosen(stage).precision != "fp32"
    assert made.file(artifact.file).stat().st_size < 0.5 * colours.file("network.onnx").stat().st_size
    assert not (made.path / "network.onnx").exists()
    with edge.load(made) as model, edge.load(colours) as fp32:
        for picture in sorted(pictures.rglob("*.png"))[::5]:
            ours, theirs = model(str(picture)), fp32(str(picture))
            assert isinstance(ours, edge.Classification)
            assert isinstance(theirs, edge.Classification)
            assert ours.labels[0] == theirs.labels[0] == picture.parent.name
    found = _record(stage)
    assert found.calibration is not None
    assert (found.calibration.inputs, found.calibration.held_out, found.calibration.score) == (20, 20, "top1")
    assert found.calibration.fp32 == 100
    (check,) = verify(made).checks
    (hop,) = stage.parity
    assert hop.precision == artifact.precision
    assert 0 < check.max_abs <= hop.max_abs * 1.01
    assert hop.tolerance > hop.max_abs
    assert {"quantisation.html", "quantisation.md"} <= {entry.path for entry in made.manifest.files}


@pytest.mark.full
def test_over_the_budget_the_stage_stays_in_fp32_with_reasons(pictures: Path, tmp_path: Path) -> None:
    spoilt = open_bundle(colour_network(tmp_path / "spoilt.edge", spoilt=True))
    made = quantise(spoilt, tmp_path / "made.edge", _settings("int8", pictures), {})
    (stage,) = made.manifest.stages
    static = [one for one in _record(stage).candidates if one.precision == "int8" and not one.steps]
    assert all("over the budget" in one.reason for one in static[:2])
    assert _record(stage).sensitivities[0].error > 10 * _record(stage).sensitivities[-1].error
    verify(made)


def test_stages_of_a_reader_of_pages_are_chosen_one_by_one(pages_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(20):
        squares([("ab", 20 + number, 20), ("a红b", 30, 90 + number), ("红a", 200, 140)]).save(folder / f"{number}.png")
    fp32 = open_bundle(pages_bundle)
    made = quantise(fp32, tmp_path / "made.edge", _settings("auto", folder), {})
    assert [stage.name for stage in made.manifest.stages] == ["detect", "recognise"]
    for stage in made.manifest.stages:
        chosen = _chosen(stage)
        assert stage.artifacts[0].precision == chosen.precision
        # Never what is not faster.
        assert chosen.precision == "fp32" or (chosen.latency_ratio is not None and chosen.latency_ratio.high < 1)
    with edge.load(made) as model:
        found = model(str(folder / "0.png"))
    assert isinstance(found, edge.Document)
    assert sorted(found.text.split()) == sorted(["ab", "a红b", "红a"])


def test_refusals_leave_nothing(colours: Bundle, int8: Bundle, pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "made.edge"
    for settings, said in (
        (_settings("int8", None), "none were given"),
        (_settings("auto", pictures, target="rpi5"), "this host cannot tell"),
    ):
        with pytest.raises(InputError, match=said):
            quantise(colours, out, settings, {})
        assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="has artifacts in int8"):
        quantise(int8, out, _settings("int8", pictures), {})
