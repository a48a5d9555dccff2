"""Calibration sets of small pictures whose brightest channel can be told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.models import COLOURS


def colour_pictures(folder: Path, count: int, *, labelled: bool = True) -> Path:
    """`count` noisy pictures, each with one channel brighter; `labelled` ones lie in a folder for each colour."""
    random = np.random.default_rng(0)
    for number in range(count):
        channel = number % len(COLOURS)
        pixels = random.integers(0, 120, (12, 10, 3))
        pixels[..., channel] += 100
        home = folder / COLOURS[channel] if labelled else folder
        home.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels.astype(np.uint8)).save(home / f"{number:03}.png")
    return folder
