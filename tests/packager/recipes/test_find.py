from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import InputError
from packager.recipes import find_recipe, recipe_names
from packager.recipes.find import FOLDER


def own(folder: Path, old: str = "", new: str = "") -> Path:
    """A recipe of packager with a change, in a file of the user's."""
    text = (FOLDER / "ppocrv4-mobile.toml").read_text()
    assert old in text
    path = folder / "own.toml"
    path.write_text(text.replace(old, new, 1))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        find_recipe(str(path))
    assert len(caught.value.message.splitlines()) == 1
    assert caught.value.remedy
    return caught.value.message


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_of_packager_can_be_read(name: str) -> None:
    recipe = find_recipe(name)
    assert recipe is not None
    assert recipe.name == name
    assert recipe.task == "ocr"
    stages = recipe.with_sources({}).stages
    assert {"detect", "recognise"} <= set(stages)
    for stage in recipe.stages.values():
        assert len(stage.before) == len(stage.after) == 1


def test_the_recipes_that_the_issue_names_are_there() -> None:
    assert {"ppocrv4-mobile", "ppocrv5-mobile", "ppocrv6-small", "ppocrv6-tiny"} <= set(recipe_names())


@pytest.mark.parametrize("source", ["org/name", "hf://org/name", "resnet", "model.onnx"])
def test_other_sources_are_no_recipes(source: str) -> None:
    assert find_recipe(source) is None


def test_a_folder_with_a_recipes_name_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ppocrv4-mobile").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_recipe("ppocrv4-mobile") is None


def test_a_recipe_of_the_users_is_read_by_its_path(tmp_path: Path) -> None:
    recipe = find_recipe(str(own(tmp_path, "unclip = 1.6", "unclip = 2.0")))
    assert recipe is not None
    assert recipe.name == "own"
    assert recipe.stages["detect"].after[0].options["unclip"] == 2.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("task = ", "tusk = ", "'task' is missing"),
        ("task = ", 'colour = "red"\ntask = ', "no field 'colour'"),
        ("unclip = 1.6", "unclip = 16.0", "text-boxes"),
        ("unclip = 1.6", 'unclip = "wide"', "text-boxes.unclip"),
        ("unclip = 1.6", "unclip = 1.6\nunclop = 1", "'unclop' is unknown"),
        ("postprocess.ctc", "postprocess.cct", "no step 'cct'"),
        ('source = "', "source = [] # ", "source: str was expected"),
        ("[stages", "[[stages", "TOML"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_told_in_one_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = own(tmp_path, old, new)
    found = refusal(path)
    assert message in found
    assert str(path) in found


def test_a_recipe_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    assert "TOML" in refusal(tmp_path / "binary.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * (2 << 20))
    assert "larger than" in refusal(tmp_path / "large.toml")


def test_stages_are_given_replaced_and_left_out(tmp_path: Path) -> None:
    recipe = find_recipe(str(own(tmp_path)))
    assert recipe is not None
    sources = recipe.with_sources({"detect": "./det", "turn-line": "./cls"}).stages
    assert {name: stage.source for name, stage in sources.items()} == {
        "detect": "./det",
        "turn-line": "./cls",
        "recognise": "PaddlePaddle/PP-OCRv4_mobile_rec",
    }
    assert "turn-line" not in recipe.with_sources({"turn-line": ""}).stages
    with pytest.raises(InputError, match="no stage 'read'"):
        recipe.with_sources({"read": "./rec"})
    with pytest.raises(InputError, match="cannot do without its stage 'recognise'"):
        recipe.with_sources({"recognise": ""})
