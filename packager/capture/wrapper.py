"""The network as it is captured: only the wanted outputs, and inputs rewritten where that is provably the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from packager.capture.loops import WholeLoops
from packager.errors import UnsupportedModelError
from packager.tasks.host import Fields

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# The mask's value for a hidden position; far below every score and, unlike float32's lowest, safe in every engine.
HIDDEN = -1e9
MASK = "attention_mask"


@dataclass(frozen=True)
class Rewrites:
    """Input rewrites that most encoders allow.

    `additive_mask`: the mask goes in as (batch, 1, 1, sequence) with 0 and -1e9, which transformers adds to the scores
    as it is; this removes its own index, and, and where nodes. `neutral_ids`: kinds of ids that the tokenizer does not
    feed go in as one zero, (1, 1), which broadcasts; this removes the gather that fills them in. `whole_loops`: no loop
    is left early (see `packager.capture.loops`).
    """

    additive_mask: bool = False
    neutral_ids: tuple[str, ...] = ()
    whole_loops: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What was rewritten, for the record."""
        flags = ("additive_mask", self.additive_mask), ("whole_loops", self.whole_loops)
        return tuple(name for name, flag in flags if flag) + self.neutral_ids


class Captive(nn.Module):
    """Wraps `model`: positional inputs in the order of `names`, outputs as `outputs` says."""

    def __init__(self, model: PreTrainedModel, names: Sequence[str], outputs: Fields, rewrites: Rewrites) -> None:
        super().__init__()
        self.model = model
        self.names = tuple(names)
        self.outputs = outputs
        self.rewrites = rewrites

    def forward(self, *tensors: Tensor) -> dict[str, Tensor]:
        """The wanted outputs by public name."""
        feeds: dict[str, Any] = dict(zip(self.names, tensors, strict=True))
        if self.rewrites.additive_mask:
            feeds[MASK] = (1 - feeds[MASK])[:, None, None, :] * HIDDEN
        for name in self.rewrites.neutral_ids:
            feeds[name] = torch.zeros((1, 1), dtype=torch.int64, device=tensors[0].device)
        with WholeLoops() if self.rewrites.whole_loops else nullcontext():
            return wanted(self.model(**feeds, return_dict=True), self.outputs)


def wanted(result: Mapping[str, Any], outputs: Fields) -> dict[str, Tensor]:
    """The wanted tensors of a model's output by public name; raises UnsupportedModelError where one is not there."""
    lacking = [field for field in outputs.values() if field not in result]
    if lacking:
        raise UnsupportedModelError(
            f"the network gives {', '.join(result)} but not {lacking[0]}", remedy="give another task with --task"
        )
    if outputs:
        return {name: result[field] for name, field in outputs.items()}
    found = {name: tensor for field, value in result.items() for name, tensor in _tensors(field, value)}
    if not found:
        raise UnsupportedModelError(
            f"the network gives no tensor, only {', '.join(result) or 'nothing'}",
            remedy="give another task with --task",
        )
    return found


def _tensors(name: str, value: Any) -> Iterator[tuple[str, Tensor]]:
    """A tensor under its name; those of a tuple (a backbone's feature maps) numbered."""
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, tuple | list):
        for at, one in enumerate(value):
            yield from _tensors(f"{name}_{at}", one)
