"""An axis: its title with the unit, its range, and where its ticks are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

HUGE = 1e100
"""Where an axis ends at last: a stranger's record may hold numbers whose difference is none."""


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`; ticks are values with what is written at them. On `log` axes both ends are above 0."""

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value lies, 0 at the low end and 1 at the high one; values outside are put on the end."""
        low, high = self.low, self.high
        value = min(max(value, low), high)
        if self.log:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return (value - low) / (high - low)


def linear(title: str, values: Sequence[float], *, ticks: int = 5, zero: bool = False) -> Axis:
    """An axis over all values that ends at ticks, with about as many ticks as asked for; `zero` lets it begin at 0."""
    finite = [min(max(value, -HUGE), HUGE) for value in values if not math.isnan(value)] or [0.0]
    low, high = min(finite), max(finite)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= abs(high) * 1e-9:
        low, high = (low - abs(low) * 0.05, high + abs(high) * 0.05) if high else (0.0, 1.0)
    step = nice_step((high - low) / max(ticks - 1, 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    places = tuple(k * step for k in range(first, last + 1))
    return Axis(title, places[0], places[-1], tuple((place, label(place, step)) for place in places))


def nice_step(rough: float) -> float:
    """The number among 1, 2, 5 times a power of ten that is nearest above (after Heckbert, Graphics Gems, 1990)."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough * (1 - 1e-9))


def label(value: float, step: float) -> str:
    """A tick's value with as many decimals as its step needs, thousands apart."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    said = f"{value:,.{decimals}f}".replace(",", "\N{THIN SPACE}")
    return said.replace("-", "\N{MINUS SIGN}") if float(f"{value:.{decimals}f}") else f"{0:.{decimals}f}"
