from __future__ import annotations

from typing import Any

import torch
from torch import nn

from packager.coverage.settle import settle


class Deep(nn.Module):
    """Convolutions that multiply the numbers by about ten each, with a silent channel after the first."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        layers: list[nn.Module] = []
        for _ in range(6):
            convolution = nn.Conv2d(3, 3, 3, padding=1)
            nn.init.normal_(convolution.weight, std=2.0)
            layers += [convolution, nn.BatchNorm2d(3), nn.ReLU()]
        nn.init.constant_(layers[1].bias, -100.0)  # type: ignore[arg-type]
        self.layers = nn.Sequential(*layers)

    def forward(self, pixel_values: torch.Tensor) -> Any:
        """Plain."""
        return self.layers(pixel_values)


def test_numbers_neither_grow_nor_vanish() -> None:
    model = Deep().eval()
    pixels = torch.randn(2, 3, 16, 16)
    with torch.no_grad():
        settle(model, pixels)
        found = model(pixels)
    assert torch.isfinite(found).all()
    assert 0.0 <= found.std() < 3
    assert not any(one._forward_pre_hooks for one in model.modules())  # noqa: SLF001


def test_a_network_without_batch_normalisation_is_not_run() -> None:
    settle(nn.Linear(2, 2), torch.zeros(1, 3, 4, 4))
