"""What two records must have in common before their times mean anything beside one another.

Everything else may differ, since it may be what is compared: the bundle, the engine, threads, precision, versions.
It is listed, so that nobody takes one difference for another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from edge.bench.record import Measurement
from edge.errors import InputError

Read = Callable[[Measurement], Any]

NEEDED: Mapping[str, tuple[Read, str]] = {
    "board": (lambda m: m.conditions.model or m.machine.board or m.machine.machine, "measure both on one board"),
    "processor": (lambda m: (m.conditions.cpu, m.machine.features), "measure both on one machine"),
    "power mode": (lambda m: m.conditions.power_mode, "set one mode with nvpmodel -m"),
    "jetson_clocks": (lambda m: m.conditions.jetson_clocks, "run jetson_clocks before both, or before none"),
    "governor": (lambda m: sorted(set(m.conditions.governors.values())), "set one governor for both"),
    "clock limits": (lambda m: dict(m.conditions.clock_limits), "set the same limits for both"),
    "task": (lambda m: m.task, "compare bundles of one task"),
    "scenario": (lambda m: m.scenario, "measure both in one --scenario"),
    "batch": (lambda m: m.batch, "give both the same --batch"),
    "what is timed": (
        lambda m: "the whole runtime" if m.stages else "the engine alone",
        "give both an INPUT, or none",
    ),
    "load": (lambda m: m.server and (m.server.rate, m.server.bound), "measure both at one rate and bound"),
}
"""Why two records are refused, by what differs, with the remedy."""

SAID: Mapping[str, Read] = {
    "bundle": lambda m: m.bundle,
    "manifest": lambda m: m.digest[:12],
    "artifact": lambda m: m.file,
    "artifact's digest": lambda m: m.file_digest[:12],
    "precision": lambda m: m.precision,
    "engine": lambda m: f"{m.engine} {m.engine_version}",
    "providers": lambda m: ", ".join(m.providers),
    "threads": lambda m: m.threads_got,
    "memory": lambda m: f"{m.machine.memory_bytes >> 20} MiB",
    "CPUs": lambda m: m.conditions.affinity,
    "input": lambda m: m.input,
    "shapes": lambda m: dict(m.shapes),
    "edge": lambda m: m.edge,
    "Python": lambda m: m.python,
    "kernel": lambda m: m.conditions.kernel,
    "system": lambda m: m.conditions.os,
}
"""What is listed where it differs."""


def require_comparable(ours: Measurement, theirs: Measurement) -> None:
    """Raises InputError naming the first thing that differs and must not."""
    for name, (read, remedy) in NEEDED.items():
        one, other = read(ours), read(theirs)
        if one != other:
            raise InputError(
                f"these cannot be compared, the {name} differs: {_text(one)} and {_text(other)}", remedy=remedy
            )


def require_same(first: Measurement, again: Measurement) -> None:
    """Raises InputError where runs that are given as runs of one thing are not."""
    for name, one, other in differences(first, again):
        raise InputError(f"these are no runs of one thing, {name} differs: {one} and {other}", remedy="sort them apart")


def differences(ours: Measurement, theirs: Measurement) -> Iterator[tuple[str, str, str]]:
    """What else differs: its name, and both values."""
    for name, read in SAID.items():
        one, other = read(ours), read(theirs)
        if one != other:
            yield name, _text(one), _text(other)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value or "unknown"
    return "unknown" if value is None else json.dumps(value, separators=(",", ":")).replace('"', "")
