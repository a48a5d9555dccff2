"""Small classifiers of handwritten digits, trained on scikit-learn's set: real weights and images within a minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.models.card import write_card, write_image_settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HELD_OUT = 300
SIDE = 32
BATCH = 64
EPOCHS: Mapping[str, int] = {"resnet": 5, "mobilenet_v2": 9}


@dataclass(frozen=True)
class Digits:
    """The model's folder, the held-out images in the order of their names, and the digit on each."""

    folder: Path
    images: tuple[Path, ...]
    truth: tuple[int, ...]


def train(folder: Path, network: str = "resnet", held_out: int = HELD_OUT) -> Digits:
    """Train a small network (of EPOCHS), save it in `folder` and the held-out images in `folder`-images."""
    import torch
    from transformers import AutoImageProcessor

    pictures, truth = _load()
    folder.mkdir(parents=True)
    write_image_settings(folder, SIDE)
    write_card(folder, "bsd-3-clause")
    processor = AutoImageProcessor.from_pretrained(folder)
    torch.manual_seed(0)
    model = _make(network)
    pixels = _pixels(processor, pictures[:-held_out])
    _fit(model, pixels, torch.tensor(truth[:-held_out]), EPOCHS[network])
    model.save_pretrained(folder)
    images = _write_images(pictures[-held_out:], folder.with_name(f"{folder.name}-images"))
    return Digits(folder, images, tuple(int(one) for one in truth[-held_out:]))


def predict(digits: Digits) -> list[int]:
    """What torch and transformers say about the held-out images."""
    import torch
    from PIL import Image
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    processor = AutoImageProcessor.from_pretrained(digits.folder)
    model = AutoModelForImageClassification.from_pretrained(digits.folder).eval()
    pixels = _pixels(processor, [Image.open(path) for path in digits.images])
    with torch.no_grad():
        return [int(one) for one in model(pixel_values=pixels).logits.argmax(-1)]


def _make(network: str) -> Any:
    from transformers import (
        MobileNetV2Config,
        MobileNetV2ForImageClassification,
        ResNetConfig,
        ResNetForImageClassification,
    )

    labels: Mapping[str, Any] = {
        "num_labels": 10,
        "id2label": {digit: str(digit) for digit in range(10)},
        "label2id": {str(digit): digit for digit in range(10)},
    }
    if network == "resnet":
        sizes: Mapping[str, Any] = {"embedding_size": 16, "hidden_sizes": [16, 32, 64], "depths": [1, 1, 1]}
        return ResNetForImageClassification(ResNetConfig(**sizes, layer_type="basic", **labels))
    sizes = {"image_size": SIDE, "depth_multiplier": 0.35}
    model = MobileNetV2ForImageClassification(MobileNetV2Config(**sizes, **labels))
    for layer in model.modules():
        if hasattr(layer, "momentum"):
            layer.momentum = 0.1  # Google's 0.997 counts the other way round: it would keep the last batch alone
    return model


def _load() -> tuple[list[Any], NDArray[np.int64]]:
    """Every digit as an RGB picture, shuffled by a fixed seed."""
    import numpy as np
    from PIL import Image
    from sklearn.datasets import load_digits

    found = load_digits()
    order = np.random.default_rng(0).permutation(len(found.target))
    grey = (found.images[order] * 15).astype(np.uint8)
    pictures = [Image.fromarray(one).resize((SIDE, SIDE), Image.Resampling.BICUBIC).convert("RGB") for one in grey]
    return pictures, found.target[order]


def _pixels(processor: Any, pictures: list[Any]) -> Any:
    return processor(images=pictures, return_tensors="pt")["pixel_values"]


def _fit(model: Any, pixels: Any, truth: Any, epochs: int) -> None:
    import torch

    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=epochs * (len(truth) // BATCH))
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(truth))
        for start in range(0, len(truth) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            optimiser.zero_grad()
            model(pixel_values=pixels[chosen], labels=truth[chosen]).loss.backward()
            optimiser.step()
            schedule.step()
    model.eval()


def _write_images(pictures: list[Any], folder: Path) -> tuple[Path, ...]:
    folder.mkdir(parents=True)
    paths = tuple(folder / f"{number:03}.png" for number in range(len(pictures)))
    for path, picture in zip(paths, pictures, strict=True):
        picture.save(path)
    return paths
