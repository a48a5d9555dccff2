"""Writes a small network of a model type with random, jittered weights, in the Hugging Face layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from packager.capture.translate import translating
from packager.coverage.settle import settle
from packager.coverage.small import SIDE, small
from packager.coverage.types import ModelType
from packager.errors import UnsupportedModelError
from packager.parity.jitter import jitter
from packager.tasks.registry import find_task
from packager.tasks.strokes import strokes

if TYPE_CHECKING:
    from transformers import PretrainedConfig

SEED = 0
# Where transformers offers several classes or lists none: the one whose checkpoints are published.
CLASSES = {
    "deit": "DeiTForImageClassificationWithTeacher",
    "levit": "LevitForImageClassificationWithTeacher",
    "perceiver": "PerceiverForImageClassificationLearned",
    "pp_lcnet": "PPLCNetBackbone",
    "pp_lcnet_v3": "PPLCNetV3Backbone",
    "pp_lcnet_v4": "PPLCNetV4Backbone",
    "slanet": "SLANetForTableRecognition",
}
# The halves of a network that reads images and writes text: TrOCR's.
PAIRS = {"vision-encoder-decoder": ("vit", "trocr")}
PROCESSORS = {
    "text-detection": "PPOCRV5ServerDetImageProcessor",
    "text-recognition": "PPOCRV5ServerRecImageProcessor",
}
# Where the configuration does not say how large images are, and the usual side is too small.
SIDES = {"text-detection": (160, 320), "text-recognition": (48, 320), "uvdoc": (178, 122)}


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
        found = getattr(modeling_auto, f"{find_task(one.task).mapping}_NAMES").get(one.name)
        name = found if isinstance(found, str) else CLASSES[one.name]
        model = getattr(transformers, name)(config).eval()
        jitter(model, SEED)
        if model.main_input_name != "input_ids":
            height, width = _image_size(one, config)
            settle(model, torch.from_numpy(_pictures(one, getattr(config, "num_channels", 3), height, width)))
            said = json.dumps(_processor(one, height, width))
            folder.mkdir(exist_ok=True)
            (folder / "preprocessor_config.json").write_text(said, encoding="utf-8")
        model.save_pretrained(folder)
    return folder


def _config(one: ModelType) -> PretrainedConfig:
    import transformers

    if one.name in PAIRS:
        encoder, decoder = (_config(ModelType(one.task, name)) for name in PAIRS[one.name])
        return transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    usual = transformers.AutoConfig.for_model(one.name)
    return type(usual)(**small(one.name, usual.to_dict()))


def _image_size(one: ModelType, config: PretrainedConfig) -> tuple[int, int]:
    vision = getattr(config, "vision_config", None)
    side = SIDES.get(one.name) or SIDES.get(one.task) or getattr(config, "image_size", None)
    side = side or getattr(vision, "image_size", SIDE)
    height, width = side if isinstance(side, list | tuple) else (side, side)
    return int(height), int(width)


def _pictures(one: ModelType, channels: int, height: int, width: int) -> NDArray[np.float32]:
    random = np.random.default_rng(SEED)
    if find_task(one.task).strokes:
        return strokes(random, 2, channels, height, width)
    return random.normal(size=(2, channels, height, width)).astype(np.float32)


def _processor(one: ModelType, height: int, width: int) -> dict[str, Any]:
    """One plain processor for all but what reads text: it only says how large images are."""
    return {
        "image_processor_type": PROCESSORS.get(one.task, "ViTImageProcessor"),
        "size": {"height": height, "width": width},
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
