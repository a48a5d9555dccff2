"""`python -m benchmarks overhead`: what our harness and session add to a query, over a bare loop on the open engine.

Rounds are short, so that what else runs on the machine meets both sides. The sampler runs beside all of them: what it
takes is a figure of its own. About two minutes.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.bundles import sentences
from benchmarks.goals import Row, at_most, no_slower
from edge.bench.clock import Clock
from edge.bench.evidence.watch import Watch
from edge.bench.plan import Plan
from edge.bench.scenarios import Run, scenario_of
from edge.bench.stop_rule import StopRule
from edge.bench.subject import Subject, golden_feeds, open_bundle, open_subject

PAIRS = 600
SECONDS = 0.1
NEAR = 0.01
SAMPLER = 0.01


def rows(folder: Path) -> Iterator[Row]:
    """Medians of rounds that alternate; MiniLM on one thread takes two to three milliseconds a query."""
    plan = Plan(bundle=str(sentences(folder)), engine="onnxruntime", threads=1)
    subject = open_subject(open_bundle(plan.bundle), plan)
    bare_query = _engine(subject, plan)
    ours: list[float] = []
    bare: list[float] = []
    with Watch() as watch:
        watch.begin()
        start = time.monotonic()
        for pair in range(PAIRS):
            if pair % 2:
                ours.append(_ours(subject, plan))
                bare.append(_bare(bare_query))
            else:
                bare.append(_bare(bare_query))
                ours.append(_ours(subject, plan))
        conditions = watch.end(start)
    subject.model.close()
    yield no_slower(
        f"query of {1000 * statistics.median(bare):.2f} ms in the harness over a bare loop", ours, bare, NEAR
    )
    yield at_most(
        f"the sampler's own time, of one CPU, {len(conditions.readings)} readings", conditions.sampler_cost, SAMPLER
    )


def _ours(subject: Subject, plan: Plan) -> float:
    rule = StopRule(min_seconds=SECONDS, min_samples=1, max_seconds=10 * SECONDS)
    run = Run(subject=subject, plan=plan, rule=rule, clock=Clock(), interrupted=lambda: False)
    return statistics.median(scenario_of(plan.scenario).run(run).samples)


def _engine(subject: Subject, plan: Plan) -> Callable[[], object]:
    """ONNX Runtime's own call; a second session would have its weights elsewhere, which alone is worth a percent."""
    session: Any = subject.model.session
    _, feeds = golden_feeds(subject.model.bundle, subject.model.bundle.manifest.stages[0], plan.batch)
    names = [spec.name for spec in session.outputs]
    return lambda: session._session.run(names, feeds)  # noqa: SLF001 (no other use needs the engine bare)


def _bare(query: Callable[[], object]) -> float:
    gc.collect()  # as the harness does before it begins
    times = []
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        start = time.perf_counter()
        query()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
