"""What a scenario is to the rest: what it is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from edge.bench.clock import Clock
from edge.bench.growth import Growth
from edge.bench.plan import Plan
from edge.bench.server_load import Server
from edge.bench.stop_rule import StopRule
from edge.bench.subject import Subject

DEFAULT_RULE = StopRule(min_seconds=3, min_samples=64, max_seconds=60)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a scenario is given: a subject that is warm, and `interrupted`, which says that the user wants to stop."""

    subject: Subject
    plan: Plan
    rule: StopRule
    clock: Clock
    interrupted: Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Steady:
    """What a scenario gives: fields of the same names in the record. `reason` is why it ended."""

    samples: tuple[float, ...]
    ends: tuple[float, ...]
    seconds: float
    inputs: int
    stages: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    reason: str
    server: Server | None = None
    growth: Growth | None = None


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """An entry of the registry; `batch` inputs make a query, and `rule` ends it, where the user says nothing else.

    `apart`: every query has a process of its own, in which it is the first.
    """

    id: str
    summary: str
    run: Callable[[Run], Steady]
    batch: int = 1
    rule: StopRule = DEFAULT_RULE
    apart: bool = False
