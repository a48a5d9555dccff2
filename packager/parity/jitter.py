"""Gives a network with random weights numbers that show a mistake.

Fresh biases are 0, fresh norm scales 1, fresh statistics 0 and 1: a converter that loses them all is not seen. Trained
networks do not need this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

SPREAD = 0.2
# Parts of the names of tables that are added to attention scores.
TABLES = ("bias", "attention_biases")


def jitter(model: nn.Module, seed: int = 0) -> None:
    """Change the model in place, the same way for the same seed.

    1-D parameters, bias tables and tensors that hold one number throughout get 0.2 · N(0, 1) added, running means
    too; running variances are multiplied by U(0.5, 1.5). Convolution kernels are drawn anew with variance 2 / fan-in,
    because with transformers' initial ones the activations of MobileNetV2 vanish. Matrices, those with three dimensions
    too, are scaled to a variance of at least 1 / fan-in, because with 0.02 throughout a narrow network hardly uses its
    activations and its attention.
    """
    import torch

    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 4 and not _is_constant(parameter):
                _redraw(parameter, random)
            elif parameter.dim() in (2, 3) and not _is_constant(parameter) and not any(part in name for part in TABLES):
                parameter.mul_(max(1.0, float(parameter[0].numel() ** -0.5 / parameter.std())))
            elif parameter.dim() <= 1 or _is_constant(parameter) or any(part in name for part in TABLES):
                parameter.add_(SPREAD * torch.randn(parameter.shape, generator=random))
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.add_(SPREAD * torch.randn(buffer.shape, generator=random))
            elif name.endswith("running_var"):
                buffer.mul_(0.5 + torch.rand(buffer.shape, generator=random))


def _is_constant(tensor: Tensor) -> bool:
    return bool((tensor == tensor.flatten()[0]).all()) if tensor.numel() else False


def _redraw(kernel: Tensor, random: Generator) -> None:
    import torch

    fan_in = kernel[0].numel()
    kernel.copy_(torch.randn(kernel.shape, generator=random) * (2 / fan_in) ** 0.5)
