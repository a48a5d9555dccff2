"""Makes fresh parameters visible: new biases are 0 and new scales 1, so that dropping them would change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def jitter(model: torch.nn.Module, seed: int = 0) -> None:
    """Move every 1-D parameter and bias table by 0.2·N(0,1), scale running variances by U(0.5, 1.5); in place."""
    import torch

    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 1 or "bias_table" in name:
                parameter.add_(torch.randn(parameter.shape, generator=chance), alpha=0.2)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.add_(torch.randn(buffer.shape, generator=chance), alpha=0.2)
            elif name.endswith("running_var"):
                buffer.mul_(0.5 + torch.rand(buffer.shape, generator=chance))
