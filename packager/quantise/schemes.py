"""Which ways to quantise a stage are worth a try: one of each kind first; `search.py` goes on from what they lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from edge.manifest import Stage
from packager.quantise.job import Job
from packager.quantise.scheme import DYNAMIC, HALF, STATIC, WEIGHTS, WEIGHTS_16, Scheme
from packager.quantise.survey import survey
from packager.quantise.targets import Arithmetic, arithmetic_of

METHODS = ("min-max", "mse")
"""Tried where none was chosen: outliers are kept, or cut off where that loses less."""


def first_schemes(job: Job, stage: Stage, engine: str) -> tuple[Scheme, ...]:
    """For one stage and engine; raises InputError where the target has no arithmetic for what was asked."""
    found = arithmetic_of(job.settings.target, job.settings.precision)
    if engine == "onnxruntime":
        return tuple(_onnx(job, stage, found))
    return tuple(_lite(job.settings.precision, job.settings.method, found))


def _onnx(job: Job, stage: Stage, found: Arithmetic) -> Iterator[Scheme]:
    precision, method = job.settings.precision, job.settings.method
    model = job.stage(stage).onnx
    if precision in ("int8", "auto") and found.activations and model:
        seen = survey(model)
        for one in METHODS if method == "auto" else (method,):
            static = Scheme(engine="onnxruntime", precision=STATIC, activations=found.activations, method=one)
            yield replace(static, floats=seen.fragile)
            yield static
        if seen.products:
            yield Scheme(engine="onnxruntime", precision=DYNAMIC)
    if precision == "int8":
        yield Scheme(engine="onnxruntime", precision=WEIGHTS)
    if precision in ("fp16", "auto") and found.half:
        yield Scheme(engine="onnxruntime", precision=HALF)


def _lite(precision: str, method: str, found: Arithmetic) -> Iterator[Scheme]:
    if precision in ("int8", "auto") and found.activations:
        yield Scheme(engine="paddlelite", precision=STATIC, method="min-max" if method == "auto" else method)
    if precision == "int8":
        yield Scheme(engine="paddlelite", precision=WEIGHTS)
        yield Scheme(engine="paddlelite", precision=WEIGHTS_16)
    if precision in ("fp16", "auto") and found.half:
        yield Scheme(engine="paddlelite", precision=HALF)
