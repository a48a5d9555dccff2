"""When queries come that do not wait for one another."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator


def poisson(rate: float, seed: int) -> Iterator[float]:
    """Seconds from the start, without an end: `rate` a second on average, independent of what came before.

    A seed draws the same moments on every machine and in every version of Python, stretched as the rate asks.
    """
    chance = random.Random(seed)  # noqa: S311 (a schedule, no secret)
    moment = 0.0
    while True:
        moment -= math.log(1 - chance.random()) / rate
        yield moment
