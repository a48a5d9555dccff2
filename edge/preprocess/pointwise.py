"""Steps on single values: what a pixel of 0 to 255 becomes, per channel.

Because a decoded pixel has only 256 values, these steps run once, on a table; then every pixel is one look-up. The
table is computed in transformers' own order and precision, so the result is equal to the bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.errors import BundleError
from edge.records import Record

LEVELS = 256


@dataclass(frozen=True)
class Table:
    """`values[c, v]` (float32) is what output channel `c` holds where its source channel `source[c]` is v."""

    values: NDArray[np.float32]
    source: tuple[int, ...]

    @classmethod
    def identity(cls, channels: int) -> Table:
        """Every value as it is, as float32."""
        return cls(np.tile(np.arange(LEVELS, dtype=np.float32), (channels, 1)), tuple(range(channels)))

    def per_channel(self, numbers: tuple[float, ...], step: str) -> NDArray[np.float32]:
        """`numbers` as a column, one per channel; a single number stands for all."""
        if len(numbers) not in {1, len(self.source)}:
            raise BundleError(f"{step}: {len(numbers)} numbers for {len(self.source)} channels")
        return np.array(numbers, dtype=np.float32)[:, None]


@dataclass(frozen=True, kw_only=True)
class Rescale(Record):
    """value x `factor` + `offset`: the product in float64, rounded to float32, as transformers' `rescale`."""

    factor: float
    offset: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.factor) and math.isfinite(self.offset)):
            raise BundleError("rescale: factor and offset must be finite")

    def __call__(self, table: Table) -> Table:
        """The table after this step."""
        scaled = (table.values.astype(np.float64) * self.factor).astype(np.float32)
        return Table(scaled + np.float32(self.offset), table.source)


@dataclass(frozen=True, kw_only=True)
class Normalise(Record):
    """(value - `mean`) / `std` in float32, each one number or one per channel, as transformers' `normalize`."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.mean or not self.std or 0 in self.std or not all(map(math.isfinite, (*self.mean, *self.std))):
            raise BundleError("normalise: mean and std must be finite, and std not zero")

    def __call__(self, table: Table) -> Table:
        """The table after this step."""
        mean, std = table.per_channel(self.mean, "normalise"), table.per_channel(self.std, "normalise")
        return Table((table.values - mean) / std, table.source)


@dataclass(frozen=True, kw_only=True)
class FlipChannels(Record):
    """RGB becomes BGR."""

    def __call__(self, table: Table) -> Table:
        """The table after this step."""
        return Table(table.values[::-1], table.source[::-1])
