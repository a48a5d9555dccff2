"""Which of a model's files a build needs, decided from their names alone.

Weights are taken as safetensors before `.bin`, whole before sharded, as transformers does. Weights of other frameworks,
ONNX exports and Python code are never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath

from packager.errors import SourceError
from packager.hub.listing import Listing
from packager.hub.reading import read_object

CONFIG = "config.json"
CARD = "README.md"
OLD_NETWORK = f"0_Transformer/{CONFIG}"

# Where sentence-transformers looks for the length of texts, in its order.
TEXT_SETTINGS = tuple(
    f"sentence_{kind}_config.json"
    for kind in ("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet")
)

_SETTINGS = {
    CONFIG,
    "preprocessor_config.json",
    "processor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "spiece.model",
    "spm.model",
    "sentencepiece.bpe.model",
    "modules.json",
    *TEXT_SETTINGS,
    "config_sentence_transformers.json",
}
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json")
_INDEX = ".index.json"
_INDEX_BYTES = 16 << 20
_MOST_SHARDS = 1000

# sentence-transformers keeps each further module in a folder like 1_Pooling or 2_Dense.
_MODULE_FOLDER = re.compile(r"\d{1,2}_[A-Za-z]+")
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying)(\.txt|\.md)?", re.IGNORECASE)


def licence_files(names: Collection[str]) -> list[str]:
    """Files with the licence's text, in the root folder."""
    return sorted(name for name in names if _LICENCE_FILE.fullmatch(name))


def has_weights(names: Collection[str]) -> bool:
    """Whether the root folder has weights that a build can use."""
    return not set(_WEIGHTS).isdisjoint(names)


def settings(names: Collection[str]) -> list[str]:
    """Configuration, tokenizer, model card and licence: the small files."""
    modules = [f"{folder}/{CONFIG}" for folder in _module_folders(names)]
    wanted = {*_SETTINGS, CARD, *modules, *licence_files(names)}
    return sorted(wanted.intersection(names))


def weights(listing: Listing) -> list[str]:
    """The files with weights, index files included; fetches the index of a sharded model to read it.

    Raises SourceError where there are none, or where an index names a file that is missing or lies elsewhere.
    """
    found = _weights_in("", listing)
    if not found:
        others = ", ".join(sorted(n for n in listing.names if n.endswith((".h5", ".msgpack", ".ot", ".gguf", ".onnx"))))
        has = f"only {others}" if others else "none"
        raise SourceError(
            f"{listing.label} has no weights that can be used: neither model.safetensors nor pytorch_model.bin, {has}",
            remedy="save the model with save_pretrained",
        )
    return found + [name for folder in _module_folders(listing.names) for name in _weights_in(f"{folder}/", listing)]


def _module_folders(names: Collection[str]) -> list[str]:
    folders = {name.partition("/")[0] for name in names if "/" in name}
    return sorted(folder for folder in folders if _MODULE_FOLDER.fullmatch(folder))


def _weights_in(folder: str, listing: Listing) -> list[str]:
    name = next((folder + one for one in _WEIGHTS if folder + one in listing.names), None)
    if name is None:
        return []
    return [name, *_shards(name, listing)] if name.endswith(_INDEX) else [name]


def _shards(index: str, listing: Listing) -> list[str]:
    """The files that an index names: plain names beside it, of its own kind, all of them there."""
    table = read_object(listing.get(index), _INDEX_BYTES).get("weight_map")
    named = (
        set(table.values()) if isinstance(table, dict) and all(isinstance(v, str) for v in table.values()) else set()
    )
    if not 0 < len(named) <= _MOST_SHARDS:
        raise SourceError(f"{index} of {listing.label} names no shards", remedy="download the model again")
    suffix = PurePosixPath(index.removesuffix(_INDEX)).suffix
    shards = []
    for shard in sorted(named):
        if "/" in shard or "\\" in shard or shard.startswith(".") or not shard.endswith(suffix):
            raise SourceError(
                f"{index} of {listing.label} names {shard!r}, which is no shard", remedy="use another model"
            )
        name = str(PurePosixPath(index).with_name(shard))
        if name not in listing.names:
            raise SourceError(f"{listing.label} lacks {name}, which its index names", remedy="download the model again")
        shards.append(name)
    return shards
