"""What `config.json` says, read before anything else and never believed further than its types."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from packager.errors import SourceError
from packager.hub.needed import CONFIG
from packager.hub.reading import read_object

# The labels of ImageNet-21k take 1.2 MB.
CONFIG_BYTES = 16 << 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelConfig:
    """The model's type and architectures; `code` are the classes that the repository would like to have executed."""

    model_type: str
    architectures: tuple[str, ...]
    code: tuple[str, ...]


def read_config(path: Path) -> ModelConfig:
    """Read `config.json`.

    Code of the repository (`auto_map`) is never executed: a warning says so, and the architecture of that type which
    transformers has itself is used, if there is one. Raises SourceError where the file is broken or no such config.
    """
    found = read_object(path, CONFIG_BYTES)
    model_type = found.get("model_type")
    if not isinstance(model_type, str) or not model_type.isprintable() or not 0 < len(model_type) <= 100:
        raise SourceError(
            f"{path} names no model_type, so it is not a model of transformers",
            remedy=f"give a folder whose {CONFIG} was written by save_pretrained",
        )
    listed = found.get("architectures")
    architectures = tuple(str(one) for one in listed) if isinstance(listed, list) else ()
    wanted = found.get("auto_map")
    code = tuple(sorted(str(one) for one in wanted.values())) if isinstance(wanted, dict) else ()
    if code:
        _log.warning("%s asks for code of its own (%s): it is not executed", path, ", ".join(code))
    return ModelConfig(model_type, architectures, code)
