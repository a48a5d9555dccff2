"""A goal, the figure that was found, and whether it is enough: how shows and benchmarks report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from benchmarks.places import shown
from edge.bench.statistics.ratio import Ratio, paired_ratio


@dataclass(frozen=True)
class Row:
    """One thing that was asked for. `value` is the figure as a bare number, where it is one."""

    goal: str
    figure: str
    met: bool
    value: float | None = None


def at_most(goal: str, found: float, limit: float, unit: str = "") -> Row:
    """A figure that must not exceed its limit."""
    return Row(f"{goal} <= {limit:g}{unit}", f"{found:.4g}{unit}", found <= limit, found)


def at_least(goal: str, found: float, limit: float) -> Row:
    """A figure that must reach its limit."""
    return Row(f"{goal} >= {limit:g}", f"{found:.7g}", found >= limit, found)


def equal(goal: str, found: object, expected: object) -> Row:
    """A figure that must be exactly this one."""
    return Row(goal, f"{found}" if found == expected else f"{found}, not {expected}", found == expected)


def within(goal: str, ours: Sequence[float], theirs: Sequence[float], near: float) -> Row:
    """The whole interval of a paired ratio must lie as near to 1; `value` is what is farther."""
    found = paired_ratio(ours, theirs)
    low, high = found.low - 1, found.high - 1
    met = -near <= low and high <= near
    return Row(f"{goal}, within {near:.0%}", _interval(found, len(ours)), met, max(low, high, key=abs))


def no_slower(goal: str, ours: Sequence[float], theirs: Sequence[float], near: float) -> Row:
    """The whole interval of a paired ratio must lie below 1 + `near`; `value` is its upper end."""
    found = paired_ratio(ours, theirs)
    figure = _interval(found, len(ours))
    return Row(f"{goal}, at most {near:+.0%}", figure, found.high - 1 <= near, found.high - 1)


def _interval(found: Ratio, pairs: int) -> str:
    sure = "" if found.sure else ", not sure"
    return f"{found.low - 1:+.2%} to {found.high - 1:+.2%} (95%, {pairs} pairs){sure}"


def report(title: str, rows: Iterable[Row]) -> list[Row]:
    """Print the rows as they come, and return them. What they raise is a missed goal too."""
    print(f"\n{title}", flush=True)
    reported: list[Row] = []
    try:
        for row in rows:
            reported.append(_print(row))  # noqa: PERF401 (what came before an exception must stay)
    except Exception as error:  # noqa: BLE001 (whatever went wrong, what follows must still run)
        reported.append(_print(Row("to run to the end", f"{type(error).__name__}: {error}", met=False)))
    return reported


def _print(row: Row) -> Row:
    row = replace(row, goal=shown(row.goal), figure=shown(row.figure))
    print(f"   {'met   ' if row.met else 'MISSED'}  {row.goal}: {row.figure}", flush=True)
    return row
