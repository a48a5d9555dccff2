"""A model folder in the Hugging Face layout, small enough to be written in every test."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path

CARD = "---\nlanguage: en\nlicense: apache-2.0\n---\n# Tiny\n"


def safetensors_bytes(tensors: Mapping[str, bytes], **header: object) -> bytes:
    """A safetensors file of U8 vectors; `header` entries replace or add to what its header says."""
    described: dict[str, object] = {}
    position = 0
    for name, data in tensors.items():
        offsets = [position, position + len(data)]
        described[name] = {"dtype": "U8", "shape": [len(data)], "data_offsets": offsets}
        position += len(data)
    text = json.dumps(described | header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(tensors.values())


def write_tiny(folder: Path, *, card: str = CARD, weights: bytes = b"weights", **config: object) -> Path:
    """Write the folder and return it; `config` entries replace or add to what config.json says."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]} | config))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(safetensors_bytes({"weight": weights}))
    if card:
        (folder / "README.md").write_text(card)
    return folder
