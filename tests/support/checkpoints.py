"""Tiny networks of transformers with jittered weights, written as model folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import transformers

from packager.parity.jitter import jitter

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"word{number}" for number in range(195)))
ENCODER = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "vocab_size": len(WORDS),
    "max_position_embeddings": 64,
}
VISION = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


def write_bert(folder: Path, name: str = "BertForSequenceClassification", **config: Any) -> Path:
    """A BERT with the files of an old tokenizer, without tokenizer.json."""
    folder = _write(folder, name, transformers.BertConfig(**{**ENCODER, "num_labels": 3, **config}))
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}), encoding="utf-8")
    return folder


def write_roberta(folder: Path) -> Path:
    """A RoBERTa without a tokenizer: positions begin behind the padding id, and there is one kind of segment."""
    config = transformers.RobertaConfig(**{**ENCODER, "max_position_embeddings": 66, "type_vocab_size": 1})
    return _write(folder, "RobertaModel", config)


def write_albert(folder: Path) -> Path:
    """An ALBERT of six layers that share their weights."""
    config = transformers.AlbertConfig(**{**ENCODER, "num_hidden_layers": 6, "embedding_size": 16})
    return _write(folder, "AlbertModel", config)


def write_resnet(folder: Path) -> Path:
    """A ResNet for images of 32 × 32."""
    config = transformers.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16], depths=[1, 2], layer_type="basic", num_labels=4
    )
    folder = _write(folder, "ResNetForImageClassification", config)
    processor = {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 32}, "crop_pct": 0.875}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor), encoding="utf-8")
    return folder


def write_vit(folder: Path, name: str = "ViTForImageClassification") -> Path:
    """A ViT for images of 32 × 32 in patches of 8."""
    return _write(folder, name, transformers.ViTConfig(**VISION, image_size=32, patch_size=8))


def change_config(folder: Path, **changes: Any) -> Path:
    """Change or add keys of config.json; a value of None removes the key."""
    path = folder / "config.json"
    values = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({key: one for key, one in values.items() if one is not None}), encoding="utf-8")
    return folder


def _write(folder: Path, name: str, config: Any) -> Path:
    model_class: Callable[[Any], Any] = getattr(transformers, name)
    transformers.set_seed(0)
    model = model_class(config)
    jitter(model, seed=1)
    model.save_pretrained(folder)
    return folder
