"""Figures as people read them: as many digits as tell something, and the unit."""

from __future__ import annotations

DIGITS = 4
MISSING = "n/a"
"""What there are too few samples for, or no sensor."""


def plain(value: float, digits: int = DIGITS, *, padded: bool = False) -> str:
    """So many significant digits, never an exponent: `0.01234`, `2.271`, `22714`; `padded` keeps zeros at the end."""
    if value == 0:
        return "0"
    said = (f"{value:#.{digits}g}" if padded else f"{value:.{digits}g}").removesuffix(".")
    if "e" not in said:
        return said
    return f"{value:.0f}" if abs(value) >= 1 else f"{value:.{digits + 6}f}".rstrip("0")


def milliseconds(seconds: float | None, *, unit: bool = True) -> str:
    """`2.270 ms`, or MISSING."""
    if seconds is None:
        return MISSING
    return plain(seconds * 1000, padded=True) + (" ms" if unit else "")


def mebibytes(size: float) -> str:
    """`150.2 MiB`."""
    return f"{size / (1 << 20):.1f} MiB"


def percent(share: float | None, digits: int = 2) -> str:
    """`12%`, `0.42%` of a share from 0 to 1, negative ones too, or MISSING."""
    return MISSING if share is None else f"{plain(share * 100, digits)}%"
