"""Refuses a network that this machine cannot hold, by the sizes of its parameters: before any weight is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.errors import EnvironmentLackError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# Bytes of a parameter; checkpoints in half precision are computed in float32, too.
WIDTH = 4
# Builds were measured to take 4.2 to 5.6 times the weights, beside what the libraries take when they are imported.
COPIES = 5
IMPORTS_BYTES = 640 << 20
GIB = 1 << 30


def refuse_too_large(model: PreTrainedModel, limit: int) -> None:
    """Raise EnvironmentLackError where the build of `model`, on the meta device, needs more than `limit` bytes.

    A limit of 0 means that it is not known, and nothing is refused.
    """
    weights = WIDTH * sum(parameter.numel() for parameter in model.parameters())
    needed = COPIES * weights + IMPORTS_BYTES
    if 0 < limit < needed:
        raise EnvironmentLackError(
            f"{type(model).__name__} has {weights / GIB:.1f} GiB of weights in float32 and needs about "
            f"{needed / GIB:.1f} GiB to be built, this machine has {limit / GIB:.1f} GiB",
            remedy="build on a larger machine, or use a smaller model",
        )
