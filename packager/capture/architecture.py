"""A network without its weights: built on torch's meta device, it takes no memory."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from packager.capture.patches import take_pictures
from packager.capture.translate import translating
from packager.errors import SourceError

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel


def on_meta(model_class: type[PreTrainedModel], config: PretrainedConfig) -> PreTrainedModel:
    """The network in evaluation mode; raises SourceError for a config that no network can be built from."""
    import torch

    what = f"{model_class.__name__} cannot be built from config.json"
    with translating(what, SourceError, remedy="correct the file"), torch.device("meta"):
        model: PreTrainedModel = model_class._from_config(  # noqa: SLF001 (the door that the auto classes use)
            deepcopy(config), attn_implementation="eager", dtype=torch.float32
        )
    return take_pictures(model.eval())
