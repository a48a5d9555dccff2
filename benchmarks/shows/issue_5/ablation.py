"""`python -m benchmarks.shows 5 5`: what each step of improvement gains, on and off; one that gains nothing must go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.ablation.cases import CASES
from benchmarks.goals import Row, at_least
from benchmarks.quantise_ablation import GAIN, rows
from packager.quantise.search import STEPS


def run(folder: Path) -> Iterator[Row]:
    """Every network and every combination; then the most that each step of the product gained alone."""
    steps = sorted({step for some in STEPS.values() for step in some})
    gained = dict.fromkeys(steps, 0.0)
    for name, make in CASES.items():
        case = make(folder)
        for row in rows(case, folder / name):
            for step in steps:
                if f", {step}: gains" in row.goal and row.value is not None:
                    gained[step] = max(gained[step], row.value)
            yield replace(row, goal=f"{case.name}: {row.goal}", met=True)
    for step, most in gained.items():
        yield at_least(f"points that {step} gains, where it gains most", most, GAIN)
