"""`config.json` to transformers' config object, without any code of the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from packager.capture.translate import translating
from packager.errors import SourceError, UnsupportedModelError
from packager.hub.config import CONFIG_BYTES, read_config
from packager.hub.reading import read_object

if TYPE_CHECKING:
    from transformers import PretrainedConfig

CONFIG = "config.json"
# Keys that make transformers look for code, kernels or quantised weights.
DROPPED = ("auto_map", "attn_implementation", "_attn_implementation", "_attn_implementation_internal", "use_kernels")


def load_config(folder: Path) -> PretrainedConfig:
    """The config with eager attention and no cache.

    Raises SourceError where the file is missing or broken, UnsupportedModelError for a type that transformers does not
    know or weights that are quantised.
    """
    from transformers import CONFIG_MAPPING, __version__

    said = read_config(folder / CONFIG)
    values = {key: value for key, value in read_object(folder / CONFIG, CONFIG_BYTES).items() if key not in DROPPED}
    if said.model_type not in CONFIG_MAPPING:
        own = "; the repository's own code is never executed" if said.code else ""
        raise UnsupportedModelError(
            f"the model type {said.model_type!r} is not known to transformers {__version__}{own}",
            remedy="use a model of a type that transformers has, or update transformers",
        )
    if values.get("quantization_config"):
        raise UnsupportedModelError("the checkpoint's weights are quantised", remedy="use the model's float checkpoint")
    with translating(f"{folder / CONFIG} cannot be used", SourceError, remedy="correct the file"):
        config: PretrainedConfig = CONFIG_MAPPING[said.model_type].from_dict(_without_cache(values))
        return config


def _without_cache(values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"use_cache": False} if "use_cache" in values else {})
