"""The build cache: programs are found by the artifacts that were made of them, and only whole ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.bundle import open_bundle
from edge.errors import InputError
from packager.emit.to_paddle import PaddleModel
from packager.quantise import cache
from packager.quantise.cache import find_programs, keep_programs
from tests.support.bundles import FIXTURE
from tests.support.models import colour_bundle


@pytest.fixture
def program(tmp_path: Path) -> PaddleModel:
    made = PaddleModel(tmp_path / "a.pdmodel", tmp_path / "a.pdiparams")
    made.model.write_bytes(b"model")
    made.params.write_bytes(b"params" * 100)
    return made


def test_a_bundle_finds_its_programs(tmp_path: Path, program: PaddleModel) -> None:
    bundle = open_bundle(FIXTURE)
    stage = bundle.manifest.stages[0].name
    keep_programs(bundle, {stage: program}, tmp_path / "cache")
    found = find_programs(bundle, tmp_path / "cache")[stage]
    assert (found.model.read_bytes(), found.params.read_bytes()) == (b"model", b"params" * 100)


def test_what_is_missing_or_damaged_is_an_error_with_a_remedy(tmp_path: Path, program: PaddleModel) -> None:
    bundle = open_bundle(FIXTURE)
    with pytest.raises(InputError, match="not in the build cache") as refused:
        find_programs(bundle, tmp_path / "cache")
    assert refused.value.exit_code == 2
    assert "build it again" in refused.value.remedy
    stage = bundle.manifest.stages[0].name
    keep_programs(bundle, {stage: program}, tmp_path / "cache")
    find_programs(bundle, tmp_path / "cache")[stage].params.write_bytes(b"other")
    with pytest.raises(InputError, match="not in the build cache"):
        find_programs(bundle, tmp_path / "cache")
    keep_programs(bundle, {stage: program}, tmp_path / "cache")
    assert find_programs(bundle, tmp_path / "cache")[stage].params.read_bytes() == b"params" * 100


def test_onnx_alone_needs_no_programs(tmp_path: Path) -> None:
    assert find_programs(open_bundle(colour_bundle(tmp_path / "colours.edge")), tmp_path / "cache") == {}


def test_the_cache_is_bounded(tmp_path: Path, program: PaddleModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST", 500)
    bundle = open_bundle(FIXTURE)
    keep_programs(bundle, {bundle.manifest.stages[0].name: program}, tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())
