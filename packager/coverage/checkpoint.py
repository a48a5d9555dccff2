"""Writes a small network of a model type with random, jittered weights, in the Hugging Face layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packager.capture.translate import translating
from packager.coverage.small import SIDE, small
from packager.coverage.types import ModelType
from packager.errors import UnsupportedModelError
from packager.parity.jitter import jitter
from packager.tasks.registry import find_task

if TYPE_CHECKING:
    from transformers import PretrainedConfig

SEED = 0
# Where transformers offers several classes: the one whose checkpoints are published.
CLASSES = {
    "deit": "DeiTForImageClassificationWithTeacher",
    "levit": "LevitForImageClassificationWithTeacher",
    "perceiver": "PerceiverForImageClassificationLearned",
}


def write_checkpoint(one: ModelType, folder: Path) -> Path:
    """Save the network into `folder`; the same type always gives the same weights.

    Raises UnsupportedModelError where transformers cannot make it from the small configuration.
    """
    import torch
    import transformers
    from transformers.models.auto import modeling_auto

    with translating(f"no small {one.name}", UnsupportedModelError, remedy="mend packager/coverage/small.py"):
        config = _config(one)
        torch.manual_seed(SEED)
        found = getattr(modeling_auto, f"{find_task(one.task).mapping}_NAMES")[one.name]
        name = found if isinstance(found, str) else CLASSES[one.name]
        model = getattr(transformers, name)(config).eval()
        jitter(model, SEED)
        model.save_pretrained(folder)
    if one.task == "image-classification":
        (folder / "preprocessor_config.json").write_text(json.dumps(_processor(config)), encoding="utf-8")
    return folder


def _config(one: ModelType) -> PretrainedConfig:
    import transformers

    usual = transformers.AutoConfig.for_model(one.name)
    return type(usual)(**small(one.name, usual.to_dict()))


def _processor(config: PretrainedConfig) -> dict[str, Any]:
    """One plain processor for all: it only says how large images are."""
    side = getattr(config, "image_size", None) or getattr(getattr(config, "vision_config", None), "image_size", SIDE)
    height, width = side if isinstance(side, list | tuple) else (side, side)
    return {
        "image_processor_type": "ViTImageProcessor",
        "size": {"height": height, "width": width},
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
