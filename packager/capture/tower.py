"""The image half of a network of two halves (CLIP, SigLIP): a class and a configuration of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

BOTH = {"image", "text"}
# transformers' ending for a tower with the layer that takes it into the space that images and texts share.
PROJECTED = "WithProjection"


def image_tower(
    config: PretrainedConfig, model_class: type[PreTrainedModel]
) -> tuple[PretrainedConfig, type[PreTrainedModel]]:
    """The tower for images where `model_class` reads images and texts, with its projection if it has one.

    Any other network is given back as it is. A checkpoint of both halves can be loaded into the tower.
    """
    import transformers

    vision = getattr(config, "vision_config", None)
    modalities = model_class.input_modalities
    if vision is None or isinstance(modalities, str) or not set(modalities) >= BOTH:
        return config, model_class
    tower = transformers.MODEL_MAPPING.get(type(vision), None)
    if not isinstance(tower, type):
        return config, model_class
    return vision, getattr(transformers, f"{tower.__name__}{PROJECTED}", tower)
