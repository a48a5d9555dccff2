"""The steady phase of a warm subject, and the record of it."""

from __future__ import annotations

import platform
import time
from datetime import datetime, timezone
from pathlib import Path

from edge import __version__
from edge.bench.accuracy.evaluate import evaluate, open_dataset
from edge.bench.clock import Clock
from edge.bench.evidence.watch import Watch
from edge.bench.interrupt import Interrupt
from edge.bench.memory import peak_memory
from edge.bench.plan import Plan
from edge.bench.record import Measurement, Phases
from edge.bench.scenarios import Run, scenario_of
from edge.bench.stop_rule import INTERRUPTED, Stop, StopRule
from edge.bench.subject import Subject
from edge.digests import sha256_file
from edge.engines import engine_entry
from edge.errors import InputError
from edge.manifest import MANIFEST_NAME


def measure_steady(subject: Subject, plan: Plan, phases: Phases, watch: Watch, interrupted: Interrupt) -> Measurement:
    """Run the plan's scenario, with an eye on the machine, and then its dataset.

    Raises InputError where no query ends in time, or the scenario or the dataset cannot be had.
    """
    rule = StopRule(min_seconds=plan.min_seconds, min_samples=plan.min_samples, max_seconds=plan.max_seconds)
    run = Run(subject=subject, plan=plan, rule=rule, clock=Clock(), interrupted=interrupted)
    date = datetime.now(timezone.utc).isoformat(timespec="seconds")
    dataset = open_dataset(Path(plan.dataset), subject.model.bundle, plan.tags) if plan.dataset else None
    watch.begin()
    steady = scenario_of(plan.scenario).run(run)
    conditions = watch.end(time.monotonic() - steady.seconds)
    if steady.ends[0] > rule.max_seconds:
        raise InputError(
            f"no query ended within {rule.max_seconds:g} s (--max-seconds); the first took {steady.ends[0]:.3g} s",
            remedy="give more time or a smaller input",
        )
    memory = peak_memory()
    accuracy = evaluate(subject.model, dataset, plan.batch, interrupted) if dataset else None
    reason = INTERRUPTED if dataset and accuracy is None else steady.reason
    bundle, artifact = subject.model.bundle, subject.model.artifact
    return Measurement(
        scenario=plan.scenario,
        bundle=bundle.manifest.name,
        task=bundle.manifest.task,
        digest=sha256_file(bundle.path / MANIFEST_NAME),
        file=artifact.file,
        file_digest=next(entry.sha256 for entry in bundle.manifest.files if entry.path == artifact.file),
        precision=artifact.precision,
        engine=artifact.engine,
        engine_version=engine_entry(artifact.engine).version(),
        providers=plan.providers,
        edge=__version__,
        python=platform.python_version(),
        machine=subject.machine,
        date=date,
        input=subject.title,
        shapes=subject.shapes,
        batch=plan.batch,
        threads=subject.threads,
        threads_got=subject.model.threads,
        warmup=plan.warmup,
        phases=phases,
        stop=Stop(
            min_seconds=rule.min_seconds,
            min_samples=rule.min_samples,
            max_seconds=rule.max_seconds,
            reason=reason,
        ),
        samples=steady.samples,
        ends=steady.ends,
        seconds=steady.seconds,
        inputs=steady.inputs,
        stages=steady.stages,
        peak_memory=memory,
        conditions=conditions,
        server=steady.server,
        growth=steady.growth,
        accuracy=accuracy,
    )
