"""What a sentence-transformers repository declares: the chain of modules behind the network, and its text settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from edge.bundle import is_inside
from packager.errors import SourceError, UnsupportedModelError
from packager.hub.needed import TEXT_SETTINGS
from packager.hub.reading import read_bounded
from packager.tasks.settings import SETTINGS_BYTES, Settings, read_settings

MODULES = "modules.json"

# The old switches in the order in which their vectors are concatenated.
_OLD_MODES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}


@dataclass(frozen=True)
class Sentence:
    """`modes` are the pooling's, `unit` says whether vectors get length one; the rest is about texts."""

    modes: tuple[str, ...]
    unit: bool
    prompt: str = ""
    max_length: int = 0
    lowercase: bool = False


@dataclass(frozen=True)
class _Module:
    kind: str
    folder: Path


def read_sentence(folder: Path) -> Sentence | None:
    """What the repository declares, or None where it is not of sentence-transformers.

    Raises UnsupportedModelError for a module that is not built (Dense and others), SourceError for broken files.
    """
    if not (folder / MODULES).exists():
        return None
    modules = _modules(folder)
    kinds = [module.kind for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise UnsupportedModelError(
            f"{MODULES} declares {', '.join(kinds) or 'nothing'}; built are Transformer, Pooling and Normalize",
            remedy="build the network alone with --task tensors",
        )
    if modules[0].folder != folder:
        raise UnsupportedModelError(
            f"{MODULES} has the network in {modules[0].folder.name}, it is taken from the model's folder only",
            remedy="save it again: SentenceTransformer(MODEL).save(FOLDER)",
        )
    pooling = read_settings(modules[1].folder / "config.json")
    unit = len(modules) == 3 and _is_of_sentences(read_settings(modules[2].folder / "config.json"))
    text = next((read_settings(folder / name) for name in TEXT_SETTINGS if (folder / name).exists()), None)
    text = text or Settings(TEXT_SETTINGS[0], {})
    prompt = _prompt(read_settings(folder / "config_sentence_transformers.json"))
    if prompt and not pooling.flag("include_prompt", default=True):
        raise UnsupportedModelError(
            "the pooling leaves the prompt out, which is not built",
            remedy="build the network alone with --task tensors",
        )
    return Sentence(
        _modes(pooling),
        unit,
        prompt,
        max_length=text.whole("max_seq_length", 0),
        lowercase=text.flag("do_lower_case", default=False),
    )


def declares_vectors(folder: Path) -> bool:
    """Whether the repository is a sentence-transformers model that pools, and not a cross-encoder or something else."""
    return (folder / MODULES).exists() and [one.kind for one in _modules(folder)][:2] == ["Transformer", "Pooling"]


def _modules(folder: Path) -> list[_Module]:
    try:
        listed = json.loads(read_bounded(folder / MODULES, SETTINGS_BYTES))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{MODULES} is not JSON ({error})", remedy="download the model again") from error
    entries = (
        [Settings(MODULES, entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    )
    modules = []
    for entry in entries:
        path = entry.text("path", "")
        if path and not is_inside(path):
            raise SourceError(f"{MODULES}: the path {path!r} leaves the folder", remedy="use another model")
        modules.append(_Module(entry.text("type", "").rsplit(".", 1)[-1], folder / path))
    return modules


def _modes(pooling: Settings) -> tuple[str, ...]:
    said = pooling.get("pooling_mode")
    if said is not None:
        return tuple(map(str, said)) if isinstance(said, list) else (str(said),)
    active = tuple(mode for key, mode in _OLD_MODES.items() if pooling.flag(key, default=False))
    return active or ("mean",)


def _is_of_sentences(normalise: Settings) -> bool:
    keys = ("module_input_name", "module_output_name")
    if any(normalise.text(key, "sentence_embedding") != "sentence_embedding" for key in keys):
        raise UnsupportedModelError(
            "the module Normalize works on something else than the sentence's vector",
            remedy="build the network alone with --task tensors",
        )
    return True


def _prompt(settings: Settings) -> str:
    name = settings.text("default_prompt_name", "")
    return settings.inner("prompts").text(name, "") if name else ""
