"""The parts of a network that are run in turns: an encoder once for each input, its decoder once for each token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

MEMORY = "encoder_hidden_states"


def _encode(model: PreTrainedModel, pixel_values: torch.Tensor, *, return_dict: bool = True) -> dict[str, torch.Tensor]:
    """What the decoder looks at, (batch, positions, width), in the decoder's own width."""
    hidden = model.encoder(pixel_values=pixel_values, return_dict=return_dict).last_hidden_state
    project: Any = getattr(model, "enc_to_dec_proj", None)
    return {MEMORY: hidden if project is None else project(hidden)}


def _decode(
    model: PreTrainedModel,
    input_ids: torch.Tensor,
    encoder_hidden_states: torch.Tensor,
    *,
    return_dict: bool = True,
) -> dict[str, torch.Tensor]:
    """The scores of the token that follows `input_ids`, (batch, vocabulary)."""
    result = model.decoder(
        input_ids=input_ids, encoder_hidden_states=encoder_hidden_states, use_cache=False, return_dict=return_dict
    )
    return {"logits": result.logits[:, -1]}


PARTS: Mapping[str, Callable[..., dict[str, torch.Tensor]]] = {"encoder": _encode, "decoder": _decode}
"""By the name of the stage; each computes what `PreTrainedModel.forward` computes in two steps."""


def take_part(model: PreTrainedModel, part: str) -> PreTrainedModel:
    """The model, whose call is now that of one of its parts; the names of its parameters stay."""
    if part:
        model.forward = partial(PARTS[part], model)
    return model


def memory_shape(model: PreTrainedModel, image: tuple[int, ...]) -> tuple[int, ...]:
    """Positions and width of what the encoder makes of one image; `model` is on the meta device."""
    import torch

    with torch.no_grad():
        made = _encode(model, torch.empty((1, *image), device="meta"))
    return tuple(made[MEMORY].shape[1:])
