"""Gives batch normalisations the statistics of what they see, as training would.

Random convolutions make the numbers of a deep network grow by a factor at every layer, until a sigmoid or softmax at
its end is 0 or 1 whatever the image shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor, nn

SILENT_SHARE = 1e-3
TINY = 1e-6


def settle(model: nn.Module, pixels: Tensor) -> None:
    """Run `model` on `pixels`, float32 (batch, channels, height, width), and change its running statistics in place."""
    import torch

    norms = [one for one in model.modules() if isinstance(getattr(one, "running_var", None), torch.Tensor)]
    if not norms:
        return
    hooks = [one.register_forward_pre_hook(_measure) for one in norms]
    with torch.no_grad():
        model(pixel_values=pixels)
    for hook in hooks:
        hook.remove()


def _measure(module: Any, inputs: tuple[Tensor]) -> None:
    (seen,) = inputs
    axes = [axis for axis in range(seen.dim()) if axis != 1]
    # A channel that an activation has silenced has no variance of its own.
    floor = SILENT_SHARE * seen.var() + TINY
    module.running_mean.copy_(seen.mean(axes))
    module.running_var.copy_(seen.var(axes, unbiased=False) + floor)
