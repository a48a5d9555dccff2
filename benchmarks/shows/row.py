"""What a show reports: rows of a goal, the figure that was found, and whether it is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One thing that was asked for."""

    goal: str
    figure: str
    met: bool


@dataclass(frozen=True)
class Show:
    """One item of an issue's list; `run` gets a folder of its own and reports row by row."""

    number: int
    title: str
    run: Callable[[Path], Iterator[Row]]


def at_most(goal: str, found: float, limit: float, unit: str = "") -> Row:
    """A figure that must not exceed its limit."""
    return Row(f"{goal} <= {limit:g}{unit}", f"{found:.4g}{unit}", found <= limit)


def at_least(goal: str, found: float, limit: float) -> Row:
    """A figure that must reach its limit."""
    return Row(f"{goal} >= {limit:g}", f"{found:.7g}", found >= limit)


def equal(goal: str, found: object, expected: object) -> Row:
    """A figure that must be exactly this one."""
    return Row(goal, f"{found}" if found == expected else f"{found}, not {expected}", found == expected)
