"""Inputs for a network of which only its inputs' names, dtypes and shapes are known; the same for the same seed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from edge.manifest import TensorSpec
from packager.errors import UnsupportedModelError
from packager.tasks.modality import Feeds
from packager.tasks.plan import Axis, InputPlan
from packager.tasks.strokes import strokes

BATCHES = (1, 3)
# Image networks without a fixed size take multiples of 32; each open axis gets both sizes in turn.
IMAGE_SIZES = (64, 96)
TEXT_SIZES = (12, 33)
IMAGE_AXES = 4
SMALLEST_IMAGE = 32
COLOURS = (1, 3)
MOST_ELEMENTS = 1 << 26
ANY = 2**31 - 1


def open_plan(inputs: Sequence[TensorSpec]) -> tuple[InputPlan, ...]:
    """A file says nothing about the range of an open size, so any is allowed."""
    return tuple(
        InputPlan(
            name=spec.name,
            dtype=spec.dtype,
            axes=tuple(one if isinstance(one, int) else Axis(name=one, minimum=1, maximum=ANY) for one in spec.shape),
        )
        for spec in inputs
    )


def numbered(calls: Sequence[Feeds]) -> dict[str, NDArray[np.generic]]:
    """The calls as the file of samples has them: `NNN/in:NAME`."""
    return {f"{at:03d}/in:{name}": array for at, call in enumerate(calls) for name, array in call.items()}


def seeded(inputs: Sequence[TensorSpec], seed: int, limits: Mapping[str, int] | None = None) -> list[Feeds]:
    """Calls at batch 1 and 3 where the first axis is open, and at two sizes of every other open axis.

    `limits` bounds the whole numbers of an input, like token ids; others are masks by their names, or zeros and ones.
    Raises UnsupportedModelError for an input that is too large to be made up.
    """
    random = np.random.default_rng(seed)
    batches = {spec.shape[0] for spec in inputs if spec.shape and isinstance(spec.shape[0], str)}
    sizes = TEXT_SIZES if all(np.dtype(spec.dtype).kind in "ib" for spec in inputs) else IMAGE_SIZES
    return [
        {spec.name: _array(spec, _shape(spec, batches, batch, size), random, limits or {}) for spec in inputs}
        for batch, size in product(BATCHES if batches else BATCHES[:1], sizes)
    ]


def _shape(spec: TensorSpec, batches: set[str], batch: int, size: int) -> tuple[int, ...]:
    shape = tuple(one if isinstance(one, int) else batch if one in batches else size for one in spec.shape)
    if math.prod(shape) > MOST_ELEMENTS:
        raise UnsupportedModelError(
            f"the input {spec.name!r} of shape {list(shape)} is too large to be made up",
            remedy="export the model with smaller inputs",
        )
    return shape


def _array(
    spec: TensorSpec, shape: tuple[int, ...], random: np.random.Generator, limits: Mapping[str, int]
) -> NDArray[np.generic]:
    dtype = np.dtype(spec.dtype)
    if dtype.kind == "f":
        return _real(shape, random).astype(dtype)
    if spec.name in limits:
        return random.integers(0, limits[spec.name], shape).astype(dtype)
    if "mask" in spec.name.lower() or dtype.kind == "b":
        return _mask(shape).astype(dtype)
    if dtype.itemsize > 1:
        return random.integers(0, 2, shape).astype(dtype)
    # Bytes are pixels: 0 to 255, or for signed ones -128 to 127.
    pixels: NDArray[np.float64] = np.clip(128 + 50 * _real(shape, random), 0, 255)
    return (pixels + np.iinfo(dtype).min).astype(dtype)


def _real(shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.floating]:
    """A picture where the shape can be one's, channels first or last; else normal numbers."""
    if len(shape) == IMAGE_AXES:
        last = shape[-1] in COLOURS and shape[1] not in COLOURS
        batch, channels, height, width = (shape[0], shape[3], *shape[1:3]) if last else shape
        if min(height, width) >= SMALLEST_IMAGE:
            picture = strokes(random, batch, channels, height, width)
            return np.moveaxis(picture, 1, -1) if last else picture
    return random.normal(size=shape)


def _mask(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Ones; of (batch, length), with later rows shorter than earlier ones."""
    if len(shape) != 2:
        return np.ones(shape, np.bool_)
    batch, length = shape
    lengths = np.array([max(1, length * (batch - row) // batch) for row in range(batch)])
    mask: NDArray[np.bool_] = np.arange(length) < lengths[:, None]
    return mask
