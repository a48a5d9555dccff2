"""A goal, the figure that was found, and whether it is enough: how shows and benchmarks report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing that was asked for."""

    goal: str
    figure: str
    met: bool


def at_most(goal: str, found: float, limit: float, unit: str = "") -> Row:
    """A figure that must not exceed its limit."""
    return Row(f"{goal} <= {limit:g}{unit}", f"{found:.4g}{unit}", found <= limit)


def at_least(goal: str, found: float, limit: float) -> Row:
    """A figure that must reach its limit."""
    return Row(f"{goal} >= {limit:g}", f"{found:.7g}", found >= limit)


def equal(goal: str, found: object, expected: object) -> Row:
    """A figure that must be exactly this one."""
    return Row(goal, f"{found}" if found == expected else f"{found}, not {expected}", found == expected)


def report(title: str, rows: Iterable[Row]) -> int:
    """Print the rows as they come; returns how many goals were missed. What they raise is a missed goal too."""
    print(f"\n{title}", flush=True)
    missed = 0
    try:
        for row in rows:
            missed += not row.met
            print(f"   {'met   ' if row.met else 'MISSED'}  {row.goal}: {row.figure}", flush=True)
    except Exception as error:  # noqa: BLE001 (whatever went wrong, what follows must still run)
        missed += 1
        print(f"   MISSED  to run to the end: {type(error).__name__}: {error}", flush=True)
    return missed
