"""What is measured: one bundle on one engine with one input, ready to run again and again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from edge.bench.plan import Plan
from edge.bundle import Bundle, open_bundle
from edge.engines import Array, Session, choose
from edge.errors import InputError
from edge.gather import gather
from edge.golden import read_golden
from edge.machine import Machine, this_machine
from edge.manifest import Stage
from edge.runtime import Model, load

__all__ = [
    "VARIED",
    "Subject",
    "Times",
    "given_inputs",
    "golden_feeds",
    "open_bundle",
    "open_subject",
    "ready_engine",
    "timed",
]

VARIED = "memory-growth"
"""The scenario that takes many inputs."""

ONE_BY_ONE = "leave out --batch and use --scenario single-stream"

Times = Mapping[str, float]
"""Seconds by stage; nothing where the engine is fed directly, which is one stage."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`run` is one query; `shapes` are known where the engine is fed directly."""

    model: Model
    machine: Machine
    threads: int
    title: str
    shapes: Mapping[str, tuple[int, ...]]
    run: Callable[[], Times]


def ready_engine(bundle: Bundle, plan: Plan) -> None:
    """Import the engine that will be used, so that this is not a part of starting it; raises what `choose` raises."""
    manifest = bundle.manifest
    choose(manifest.stages[0], plan.engine or None, precision=plan.precision or None, requires=manifest.requires)


def open_subject(bundle: Bundle, plan: Plan) -> Subject:
    """Start the engine, which must give exactly what is asked; raises what `edge.load` raises."""
    machine = this_machine()
    threads = plan.threads or machine.cpus
    model = load(
        bundle,
        engine=plan.engine or None,
        precision=plan.precision or None,
        threads=threads,
        providers=plan.providers,
        strict=True,
    )
    feeds: Mapping[str, Array] = {}
    if plan.input:
        if plan.batch > 1 and not model.batches:
            raise InputError(f"{model.artifact.file} takes one input at a time here", remedy=ONE_BY_ONE)
        title, run = plan.input, _through_the_runtime(model, plan)
    else:
        title, feeds = golden_feeds(model.bundle, model.bundle.manifest.stages[0], plan.batch)
        run = _engine_alone(model.session, feeds)
    return Subject(
        model=model,
        machine=machine,
        threads=threads,
        title=title,
        shapes={name: array.shape for name, array in feeds.items()},
        run=run,
    )


def golden_feeds(bundle: Bundle, stage: Stage, batch: int) -> tuple[str, dict[str, Array]]:
    """A golden vector of that batch size, or the first, repeated; raises InputError where the batch is fixed."""
    vectors = read_golden(bundle, stage)
    fitting = [one for one in vectors if all(array.shape[:1] == (batch,) for array in one.inputs.values())]
    if fitting:
        return fitting[0].file, dict(fitting[0].inputs)
    if not all(spec.shape and isinstance(spec.shape[0], str) for spec in stage.inputs):
        raise InputError(f"stage {stage.name!r} cannot take a batch of {batch}", remedy=ONE_BY_ONE)
    first = vectors[0]
    return first.file, {name: np.resize(array, (batch, *array.shape[1:])) for name, array in first.inputs.items()}


def _engine_alone(session: Session, feeds: Mapping[str, Array]) -> Callable[[], Times]:
    query = session.bind(feeds)

    def run() -> Times:
        query()
        return {}

    return run


def _through_the_runtime(model: Model, plan: Plan) -> Callable[[], Times]:
    if os.path.isdir(plan.input) and plan.scenario != VARIED:  # noqa: PTH112 (see below)
        raise InputError(f"{plan.input} is a folder", remedy=f"give one input, or --scenario {VARIED}")
    return partial(timed, model, [next(given_inputs(model.kind, plan.input))] * plan.batch)


def timed(model: Model, given: Sequence[Any]) -> Times:
    """Run all inputs together; raises InputError for a bad one."""
    results = model.run_batch(given, len(given))
    return {name: sum(vars(one.timings)[name] for one in results) for name in vars(results[0].timings)}


def given_inputs(kind: str, source: str) -> Iterator[Any]:
    """The inputs of a path, as `edge run` takes them, or the text that `source` is; raises InputError for a bad one."""
    if kind == "text" and not os.path.exists(source):  # noqa: PTH110 (of a text that can be no path, pathlib raises)
        yield source
        return
    for one in gather(kind, [source], []):
        if isinstance(one.value, InputError):
            raise one.value
        yield one.value
