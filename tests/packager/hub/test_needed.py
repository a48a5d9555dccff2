from __future__ import annotations

import json
from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.hub.listing import FolderListing
from packager.hub.needed import settings, weights


def folder_with(folder: Path, *names: str) -> FolderListing:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}")
    return FolderListing(folder, label="the model")


def index(folder: Path, name: str, *shards: str) -> None:
    (folder / name).write_text(json.dumps({"weight_map": {f"layer.{n}": shard for n, shard in enumerate(shards)}}))


def test_settings_are_the_small_files_and_no_code() -> None:
    names = {
        "config.json", "tokenizer.json", "vocab.txt", "README.md", "LICENSE.txt", "modules.json",
        "1_Pooling/config.json", "training_args.bin",
        "modeling_evil.py", "model.safetensors", "tf_model.h5", "onnx/config.json", "flax_model.msgpack",
    }  # fmt: skip
    assert settings(names) == [
        "1_Pooling/config.json", "LICENSE.txt", "README.md", "config.json", "modules.json", "tokenizer.json",
        "vocab.txt",
    ]  # fmt: skip


def test_safetensors_come_before_bin(tmp_path: Path) -> None:
    listing = folder_with(tmp_path, "pytorch_model.bin", "model.safetensors", "model.fp16.safetensors", "tf_model.h5")
    assert weights(listing) == ["model.safetensors"]


def test_bin_is_taken_where_there_is_nothing_better(tmp_path: Path) -> None:
    assert weights(folder_with(tmp_path, "pytorch_model.bin", "model.onnx")) == ["pytorch_model.bin"]


def test_only_the_shards_that_the_index_names(tmp_path: Path) -> None:
    index(tmp_path, "model.safetensors.index.json", "model-1.safetensors", "model-2.safetensors", "model-1.safetensors")
    listing = folder_with(tmp_path, "model-1.safetensors", "model-2.safetensors", "model-3.safetensors")
    assert weights(listing) == ["model.safetensors.index.json", "model-1.safetensors", "model-2.safetensors"]


def test_a_module_brings_its_weights(tmp_path: Path) -> None:
    listing = folder_with(tmp_path, "model.safetensors", "2_Dense/model.safetensors", "2_Dense/pytorch_model.bin")
    assert weights(listing) == ["model.safetensors", "2_Dense/model.safetensors"]


@pytest.mark.parametrize(
    "shard", ["../x.safetensors", "/etc/x.safetensors", "a/b.safetensors", ".x.safetensors", "x.bin"]
)
def test_an_index_cannot_name_what_is_no_shard(tmp_path: Path, shard: str) -> None:
    index(tmp_path, "model.safetensors.index.json", shard)
    with pytest.raises(SourceError, match="which is no shard"):
        weights(folder_with(tmp_path))


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    index(tmp_path, "pytorch_model.bin.index.json", "pytorch_model-1.bin")
    with pytest.raises(SourceError, match=r"lacks pytorch_model-1\.bin"):
        weights(folder_with(tmp_path))


@pytest.mark.parametrize(
    "text", ["{}", '{"weight_map": []}', '{"weight_map": {"a": 1}}', '{"weight_map": {}}', "[", "[]"]
)
def test_a_broken_index_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(text)
    with pytest.raises(SourceError, match=r"index\.json"):
        weights(folder_with(tmp_path))


def test_weights_of_other_frameworks_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"only flax_model\.msgpack, tf_model\.h5") as caught:
        weights(folder_with(tmp_path, "tf_model.h5", "flax_model.msgpack"))
    assert "save_pretrained" in caught.value.remedy
