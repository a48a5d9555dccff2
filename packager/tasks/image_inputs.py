"""Networks that read an image: `pixel_values`, float32, (batch, channels, height, width)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from packager.tasks.modality import BATCH, Feeds, Modality
from packager.tasks.plan import InputPlan, ModelFacts

BATCHES = (1, 3)
WAVES = 4
STEPS = 16


def inputs(facts: ModelFacts) -> tuple[InputPlan, ...]:
    """One image input; its size is fixed, the batch is not."""
    return (InputPlan(name="pixel_values", dtype="float32", axes=(BATCH, *facts.image)),)


def samples(facts: ModelFacts, random: np.random.Generator) -> tuple[Feeds, ...]:
    """Waves of random direction and colour under normal noise, about the range that normalised pixels have."""
    return tuple({"pixel_values": _images(batch, facts.image, random)} for batch in BATCHES)


def _images(batch: int, image: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float32]:
    channels, height, width = image
    y, x = np.meshgrid(np.linspace(0, 1, height), np.linspace(0, 1, width), indexing="ij")
    pixels = 0.5 * random.standard_normal((batch, channels, height, width))
    for _ in range(WAVES):
        fy, fx, phase, strength = (random.uniform(low, high, (batch, channels, 1, 1)) for low, high in _RANGES)
        pixels += strength * np.sin(2 * np.pi * (fy * y + fx * x + phase))
    # Steps of 1/16 keep the golden files small: noise at full precision does not compress.
    return (np.round(pixels * STEPS) / STEPS).astype(np.float32)


# Periods per image along each side, phase in periods, amplitude.
_RANGES = ((-4, 4), (-4, 4), (0, 1), (0.2, 0.8))


def valid(feeds: Mapping[str, NDArray[np.generic]]) -> NDArray[np.bool_] | None:  # noqa: ARG001 (one shape for all)
    """Every position of an image counts."""
    return None


IMAGE = Modality("image", "pixel_values", inputs, samples, valid)
