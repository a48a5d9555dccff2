"""Networks that read an image: `pixel_values`, float32, (batch, channels, height, width)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from packager.tasks.modality import BATCH, Feeds, Modality, batches
from packager.tasks.plan import Axis, InputPlan, ModelFacts
from packager.tasks.strokes import strokes

# Which of the two batches, and about how high and wide the images are where that is open.
CALLS = ((0, 64, 160), (1, 96, 64))
OPEN_CALLS = (*CALLS, (0, 160, 320))
WAVES = 4
STEPS = 16


def inputs(facts: ModelFacts) -> tuple[InputPlan, ...]:
    """One image input; the batch is open, a size only where the task says so."""
    return (InputPlan(name="pixel_values", dtype="float32", axes=(BATCH, *facts.image)),)


def samples(facts: ModelFacts, plan: Sequence[InputPlan], random: np.random.Generator) -> tuple[Feeds, ...]:
    """Pictures of several sizes where sizes are open: lines of strokes for what reads text, else waves under noise."""
    make = strokes if facts.strokes else _waves
    image = plan[0].axes[1:]
    calls = OPEN_CALLS if any(isinstance(axis, Axis) for axis in image) else CALLS
    return tuple(
        {"pixel_values": make(random, batches(plan)[which], *_sizes(image, height, width))}
        for which, height, width in calls
    )


def _sizes(image: Sequence[int | Axis], height: int, width: int) -> tuple[int, int, int]:
    """Channels, height and width: the fixed sizes, and sizes near the wanted ones where they are open."""
    wanted = (1, height, width)
    channels, high, wide = (
        axis if isinstance(axis, int) else _near(size, axis) for axis, size in zip(image, wanted, strict=True)
    )
    return channels, high, wide


def _near(size: int, axis: Axis) -> int:
    return max(axis.minimum, min(-(-size // axis.multiple) * axis.multiple, axis.maximum))


def _waves(random: np.random.Generator, batch: int, channels: int, height: int, width: int) -> NDArray[np.float32]:
    """Waves of random direction and colour under normal noise, about the range that normalised pixels have."""
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
