"""Figures as people read them: as many digits as tell something, and the unit."""

from __future__ import annotations

DIGITS = 4


def plain(value: float, digits: int = DIGITS) -> str:
    """At least so many significant digits, never an exponent: `0.01234`, `2.271`, `22710`."""
    if value == 0:
        return "0"
    said = f"{value:.{digits}g}"
    if "e" not in said:
        return said
    return f"{value:.0f}" if abs(value) >= 1 else f"{value:.{digits + 6}f}".rstrip("0")


def milliseconds(seconds: float) -> str:
    """`2.271 ms`."""
    return f"{plain(seconds * 1000)} ms"


def mebibytes(size: float) -> str:
    """`150.2 MiB`."""
    return f"{size / (1 << 20):.1f} MiB"


def percent(share: float) -> str:
    """`12%`, `0.42%`: of a share from 0 to 1, negative ones too."""
    return f"{plain(share * 100, 2)}%"
