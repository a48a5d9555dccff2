"""The whole build as a call; `test_architectures.py` builds every architecture, `cli/test_build.py` by the command."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from edge import __version__
from edge.bundle import Bundle, open_bundle
from edge.errors import InputError
from packager import Order, build
from packager.emit.lite_python import VARIABLE
from packager.errors import ToolError
from tests.support.checkpoints import write_resnet


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_resnet(tmp_path_factory.mktemp("model") / "resnet")


@pytest.fixture(scope="module")
def bundle(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return build(str(model), tmp_path_factory.mktemp("out") / "resnet.edge", allow_licences=("MIT",))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_model_gives_the_same_bundle_to_the_byte(
    bundle: Bundle, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From another current folder, with other temporary files, under another name of the folder around it."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path)
    again = build(str(model), "resnet.edge", Order(), allow_licences=["MIT"])
    assert contents(again.path) == contents(bundle.path)
    assert {name for name in contents(again.path) if name.endswith((".onnx", ".nb"))} == {
        "model.onnx",
        "model.arm.nb",
        "model.x86.nb",
    }
    assert not list((tmp_path / "temporary").iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {"temporary", "resnet.edge"}


def test_what_is_returned_is_the_bundle_as_the_device_reads_it(bundle: Bundle) -> None:
    assert open_bundle(bundle.path) == bundle
    manifest = bundle.manifest
    assert manifest.name == "resnet"
    assert manifest.requires.machines == ("aarch64", "x86_64")
    assert manifest.requires.memory_bytes > 2 * (bundle.path / "model.onnx").stat().st_size
    assert manifest.tools["edgepack"] == __version__
    assert {"torch", "transformers", "paddlepaddle", "paddle2onnx", "onnxruntime", "paddlelite"} <= set(manifest.tools)


def test_tools_are_looked_for_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/no/python3.10")
    with pytest.raises(ToolError, match="does not start"):
        build("edgepack/nothing", tmp_path / "out.edge")
    assert not list(tmp_path.iterdir())


def test_an_output_that_exists_is_refused_before_anything_else(tmp_path: Path) -> None:
    (tmp_path / "out.edge").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        build(str(tmp_path / "no-model"), tmp_path / "out.edge")
    assert (tmp_path / "out.edge").read_text() == "mine"
