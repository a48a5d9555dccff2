"""A Paddle 3 inference model becomes a bundle, where paddle2onnx 2 is right about it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import edge
from edge.errors import InputError
from packager import Order, build
from packager.emit.paddle3_python import VARIABLE
from packager.errors import ParityError, SourceError, ToolError
from tests.support.paddle3 import write_paddle3

MIT = ("MIT",)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_paddle3("detector", tmp_path_factory.mktemp("paddle3") / "det")


def test_a_program_of_paddle_3_becomes_a_bundle_with_parity(model: Path, tmp_path: Path) -> None:
    bundle = build(str(model), tmp_path / "det.edge", allow_licences=MIT)
    manifest, (stage,) = bundle.manifest, bundle.manifest.stages
    assert (manifest.source.kind, manifest.source.repository, manifest.task) == ("paddle3", "det", "tensors")
    assert [entry.path for entry in manifest.source.files] == ["inference.json", "inference.pdiparams"]
    assert [(spec.name, spec.shape) for spec in stage.inputs] == [("image", ("batch", 3, "axis2", "axis3"))]
    assert [hop.hop for hop in stage.parity] == ["onnxruntime"]
    assert [artifact.file for artifact in stage.artifacts] == ["model.onnx"]
    assert manifest.tools["paddle2onnx"].startswith("2.")
    image = np.random.default_rng(0).normal(size=(2, 3, 32, 48)).astype(np.float32)
    result = edge.load(bundle.path)({"image": image})
    assert isinstance(result, edge.Tensors)
    assert result.arrays[stage.outputs[0].name].shape == (2, 2 * 3, 5)


def test_a_wrong_conversion_stops_the_build(tmp_path: Path) -> None:
    """paddle2onnx makes the erf form of a tanh gelu, and says nothing."""
    model = write_paddle3("tanh-gelu", tmp_path / "gelu")
    with pytest.raises(ParityError, match="onnxruntime: the output 'fetch_name_0' is off by"):
        build(str(model), tmp_path / "gelu.edge", allow_licences=MIT)
    assert not (tmp_path / "gelu.edge").exists()


def test_without_paddle2onnx_2_the_remedy_names_it(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(ToolError, match="has no paddle2onnx 2") as caught:
        build(str(model), tmp_path / "det.edge", allow_licences=MIT)
    assert VARIABLE in caught.value.remedy
    monkeypatch.setenv(VARIABLE, "/no/python")
    with pytest.raises(ToolError, match="/no/python does not start"):
        build(str(model), tmp_path / "det.edge", allow_licences=MIT)


def test_there_is_no_other_task_and_no_paddle_lite(model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be built as image-classification"):
        build(str(model), tmp_path / "a.edge", Order(task="image-classification"), allow_licences=MIT)
    with pytest.raises(InputError, match=r"paddlelite cannot be built for this source: .*\.pdmodel"):
        build(str(model), tmp_path / "b.edge", Order(engines=("paddlelite",)), allow_licences=MIT)
    assert not list(tmp_path.iterdir())


def test_a_damaged_program_is_one_line(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "det"
    folder.mkdir()
    (folder / "inference.pdiparams").write_bytes((model / "inference.pdiparams").read_bytes())
    for content, said in (('{"program": {}}', "not a Paddle 3 inference model"), ("{", "is not JSON")):
        (folder / "inference.json").write_text(content)
        with pytest.raises(SourceError, match=said) as caught:
            build(str(folder), tmp_path / "det.edge", allow_licences=MIT)
        assert len(caught.value.message.splitlines()) == 1
