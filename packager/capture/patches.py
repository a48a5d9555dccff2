"""Networks that take an image as a list of patches beside its shape (SigLIP 2's NaFlex) get it as a picture.

Cutting it up becomes a part of the network, so that a device feeds pictures as it does to any other.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

SHAPES, PIXELS, MASK = "spatial_shapes", "pixel_values", "pixel_attention_mask"


def take_pictures(model: PreTrainedModel) -> PreTrainedModel:
    """Make `model` cut `pixel_values`, (batch, channels, height, width), itself where it wants patches.

    Any other network is given back as it is. Height and width must be multiples of the patch size.
    """
    if not {SHAPES, PIXELS} <= set(inspect.signature(model.forward).parameters):
        return model
    side = int(getattr(model.config, "vision_config", model.config).patch_size)

    def cut(_module: Any, args: Any, feeds: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        pixels = feeds[PIXELS]
        rows, columns = pixels.shape[2] // side, pixels.shape[3] // side
        # One shape for the whole batch, not a tensor: it is known before anything runs. No patch is padding.
        return args, feeds | {PIXELS: _patches(pixels, side), SHAPES: np.array([[rows, columns]]), MASK: None}

    model.register_forward_pre_hook(cut, with_kwargs=True)
    return model


def _patches(pixels: Tensor, side: int) -> Tensor:
    """(batch, rows x columns, side x side x channels): row after row, in a patch too, with channels last."""
    batch, channels, height, width = pixels.shape
    rows, columns = height // side, width // side
    strips = pixels.permute(0, 2, 3, 1).reshape(batch * rows, side, columns, side * channels)
    return strips.transpose(1, 2).reshape(batch, rows * columns, side * side * channels)
