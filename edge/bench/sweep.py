"""Threads, batch, engine and precision of one bundle, each configuration in fresh processes, in turns, equally cool.

They are measured in rounds, each in an order of its own: what drifts meanwhile, from the room's heat to a background
job, meets all of them alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from edge.bench.cooling import Cooled, Cooling
from edge.bench.judge import judge
from edge.bench.judge.finding import VERDICTS
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.statistics.summary import summarise
from edge.bench.stop_rule import INTERRUPTED
from edge.bundle import Bundle
from edge.engines import artifacts_for, most_telling, why_not
from edge.errors import EdgeError, InputError
from edge.machine import Machine
from edge.records import Record


@dataclass(frozen=True)
class Axes:
    """What is varied; nothing means every engine and precision that the bundle has and this machine runs."""

    threads: tuple[int, ...]
    batches: tuple[int, ...]
    engines: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One configuration in one round: its measurement, or why there is none."""

    plan: Plan
    round: int
    outcome: Measurement | EdgeError
    cooled: Cooled

    @property
    def interrupted(self) -> bool:
        """Whether the user ended it."""
        return isinstance(self.outcome, Measurement) and self.outcome.stop.reason == INTERRUPTED


@dataclass(frozen=True, kw_only=True)
class Row(Record):
    """One configuration over all rounds: medians of the rounds, in seconds, inputs a second and bytes.

    `fastest` and `slowest` are the medians of a query in the best and in the worst round, `verdict` is that of the
    worst. `error` says why it was not measured, or not in all rounds; without a round the figures are 0. `cooling` says
    how waiting ended.
    """

    engine: str
    precision: str
    threads: int
    batch: int
    rounds: int = 0
    p50: float = 0.0
    fastest: float = 0.0
    slowest: float = 0.0
    throughput: float = 0.0
    peak_memory: int = 0
    verdict: str = ""
    accuracy: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    cooling: tuple[str, ...] = ()


def default_threads(cpus: int) -> tuple[int, ...]:
    """1, 2, 4 and so on, and all that there are."""
    return tuple(sorted({1 << power for power in range(cpus.bit_length()) if 1 << power <= cpus} | {cpus}))


def plans(base: Plan, bundle: Bundle, axes: Axes, machine: Machine) -> list[Plan]:
    """A plan for each configuration that this machine can run.

    Raises InputError where the bundle has no such artifact, and what says most where none runs here.
    """
    stage, requires = bundle.manifest.stages[0], bundle.manifest.requires
    found = [artifact for engine in axes.engines or [None] for artifact in artifacts_for(stage, engine)]
    if axes.precisions:
        found = [artifact for artifact in found if artifact.precision in axes.precisions]
    if not found:
        raise InputError(f"the bundle has nothing in {', '.join(axes.precisions)}", remedy="see: edge info BUNDLE")
    reasons = [why_not(artifact, requires, machine) for artifact in found]
    able = [one for one, reason in zip(found, reasons, strict=True) if reason is None]
    if not able:
        raise most_telling([reason for reason in reasons if reason is not None])
    return [
        replace(base, engine=engine, precision=precision, threads=threads, batch=batch)
        for engine, precision in dict.fromkeys((one.engine, one.precision) for one in able)
        for threads in axes.threads
        for batch in axes.batches
    ]


def sweep(
    configurations: Sequence[Plan], rounds: int, cooling: Cooling, measure: Callable[[Plan], Measurement]
) -> Iterator[Turn]:
    """Measure each configuration once a round, when the machine is cool; ends after a turn that the user interrupted.

    A configuration that fails is not tried again. The order of each round is drawn from the first plan's seed.
    """
    chance = random.Random(configurations[0].seed)  # noqa: S311 (an order, no secret)
    left = list(configurations)
    for number in range(1, rounds + 1):
        for plan in chance.sample(left, len(left)):
            cooled = cooling.wait()
            outcome: Measurement | EdgeError
            try:
                # Accuracy does not change from round to round.
                outcome = measure(plan if number == 1 else replace(plan, dataset=""))
            except EdgeError as error:
                outcome = error
                left.remove(plan)
            turn = Turn(plan, number, outcome, cooled)
            yield turn
            if turn.interrupted:
                return


def rows(configurations: Sequence[Plan], turns: Sequence[Turn]) -> list[Row]:
    """A row for each configuration that had a turn, in their order; interrupted turns are left out."""
    found = []
    for plan in configurations:
        own = [turn for turn in turns if turn.plan == plan]
        whole = [one.outcome for one in own if isinstance(one.outcome, Measurement) and not one.interrupted]
        errors = [turn.outcome.message for turn in own if isinstance(turn.outcome, EdgeError)]
        if not whole and not errors:
            continue
        row = Row(
            engine=plan.engine,
            precision=plan.precision,
            threads=plan.threads,
            batch=plan.batch,
            error=" ".join(errors),
            cooling=tuple(dict.fromkeys(turn.cooled.reason for turn in own)),
        )
        if whole:
            summaries = [summarise(one) for one in whole]
            verdicts = [judge(one, summary).verdict for one, summary in zip(whole, summaries, strict=True)]
            middles = [one.queries.median.middle for one in summaries]
            row = replace(
                row,
                rounds=len(whole),
                p50=median(middles),
                fastest=min(middles),
                slowest=max(middles),
                throughput=median(one.throughput for one in summaries),
                peak_memory=max(one.peak_memory for one in whole),
                verdict=max(verdicts, key=VERDICTS.index),
                accuracy=next((one.accuracy.metrics for one in whole if one.accuracy), {}),
            )
        found.append(row)
    return found
