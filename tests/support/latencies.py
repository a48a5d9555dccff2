"""Latencies whose true percentiles are known, with neighbours that are as alike as is wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]
BURN_IN = 60

SHAPES: Mapping[str, Callable[[Times], Times]] = {
    "normal": lambda z: 0.02 + 0.001 * z,
    "lognormal": lambda z: 0.02 * np.exp(0.3 * z),
    "a floor and a tail": lambda z: 0.02 + 0.002 * np.exp(1.5 * z),
    "a clock of few steps": lambda z: 0.02 + 0.001 * np.round(2 * z),
}
"""From a standard normal process to seconds, rising: 0 becomes the median."""


def processes(alike: float, count: int, repeats: int, seed: int = 0) -> Iterator[Times]:
    """Stationary standard normal first-order processes, AR(1)."""
    chance = np.random.default_rng(seed)
    noise = chance.standard_normal((repeats, count + BURN_IN))
    for place in range(1, count + BURN_IN):
        noise[:, place] = alike * noise[:, place - 1] + math.sqrt(1 - alike**2) * noise[:, place]
    yield from noise[:, BURN_IN:]
