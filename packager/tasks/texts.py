"""Tokenizer files to the step `tokenise`."""

from __future__ import annotations

from pathlib import Path

from edge.manifest import Step
from edge.preprocess.text import MAX_CHARACTERS
from packager.errors import UnsupportedModelError
from packager.hub.reading import read_object
from packager.tasks.sentence import declares_vectors, read_sentence
from packager.tasks.settings import Settings, read_settings

TOKENIZER = "tokenizer.json"
TOKENIZER_BYTES = 256 << 20
DEFAULT_LENGTH = 512

# Their position table begins behind the padding id, so it holds that many positions less.
OFFSET_TYPES = frozenset(
    {
        "camembert",
        "data2vec-text",
        "ibert",
        "longformer",
        "mpnet",
        "roberta",
        "roberta-prelayernorm",
        "xlm-roberta",
        "xlm-roberta-xl",
        "xmod",
    }
)


def text_steps(folder: Path, tokenizer: Path | None = None) -> tuple[Step, ...]:
    """The step that equals the folder's tokenizer.

    `tokenizer` is the tokenizer.json that goes into the bundle, by default the folder's own. The length is the least of
    what sentence-transformers' settings (else the tokenizer's) say and the network has positions for. Raises
    UnsupportedModelError where there is no tokenizer.json, SourceError where a file is broken.
    """
    sentence = read_sentence(folder) if declares_vectors(folder) else None
    path = tokenizer or folder / TOKENIZER
    if not path.exists():
        raise UnsupportedModelError(
            f"{folder.name} has no {TOKENIZER}", remedy="save it with AutoTokenizer(...).save_pretrained"
        )
    config, said = read_settings(folder / "config.json"), read_settings(folder / "tokenizer_config.json")
    length = (sentence.max_length if sentence else 0) or said.whole("model_max_length", 0)
    # A tokenizer without a limit says 1e30.
    limits = [limit for limit in (length, _positions(config)) if 0 < limit <= MAX_CHARACTERS]
    options = {
        "file": TOKENIZER,
        "max_length": min(limits, default=DEFAULT_LENGTH),
        "pad_id": _pad_id(path, said, config),
        "pad_type_id": said.whole("pad_token_type_id", 0),
        "padding": said.text("padding_side", "right"),
        "truncation": said.text("truncation_side", "right"),
        "prompt": sentence.prompt if sentence else "",
        "lowercase": sentence.lowercase if sentence else False,
    }
    return (Step(kind="tokenise", options=options),)


def _positions(config: Settings) -> int:
    """How many tokens the network has positions for, 0 where it says nothing."""
    positions = config.whole("max_position_embeddings", 0)
    if positions > 0 and config.text("model_type", "") in OFFSET_TYPES:
        positions -= config.whole("pad_token_id", 1) + 1
    return max(positions, 0)


def _pad_id(path: Path, said: Settings, config: Settings) -> int:
    """The id of the padding token: as the tokenizer numbers it, else as config.json says."""
    token = said.get("pad_token")
    content = token.get("content") if isinstance(token, dict) else token
    added = read_object(path, TOKENIZER_BYTES).get("added_tokens")
    for entry in added if isinstance(added, list) else []:
        if isinstance(entry, dict) and content is not None and entry.get("content") == content:
            return Settings(path.name, entry).whole("id", 0)
    return config.whole("pad_token_id", 0)
