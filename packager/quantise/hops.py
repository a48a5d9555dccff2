"""What a quantised artifact gives on the golden vectors, and how far a device may be from that.

A device's kernels round elsewhere than this host's. So its tolerance is what was measured here plus one step of the
output's own grid: its range in 255 steps, or for fp16 one unit of its eleven bits.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from edge.bundle import Bundle
from edge.engines import why_not
from edge.golden import read_golden
from edge.machine import this_machine
from edge.manifest import Artifact, Hop, Stage
from packager.emit.constants import write_safetensors
from packager.parity.artifact import run_artifact
from packager.parity.compare import measured_hop
from packager.parity.reference import Sample
from packager.parity.tolerance import Tolerance, valid_elements
from packager.parity.worst import worst_element
from packager.quantise.scheme import HALF

STEPS = {HALF: 2.0**10}
LEVELS = 255.0
THREADS = 2


def quantised_hops(bundle: Bundle, stage: Stage, artifact: Artifact, precision: str, scratch: Path) -> tuple[Hop, ...]:
    """A hop for each output, of the artifact or of the one in `precision` that it stands in for.

    There is none where it cannot run on this machine. Raises ParityError where an output is missing or has another
    shape, and what running it raises.
    """
    if why_not(artifact, bundle.manifest.requires, this_machine()):
        return ()
    samples = _samples(bundle, stage)
    given = scratch / f"{stage.name}.golden.safetensors"
    write_safetensors(given, {f"{one.key}/in:{name}": array for one in samples for name, array in one.inputs.items()})
    produced = run_artifact(
        artifact.engine,
        bundle.file(artifact.file),
        given,
        scratch,
        inputs=stage.inputs,
        outputs=stage.outputs,
        threads=THREADS,
    )
    classifier = bundle.manifest.task.endswith("-classification")
    hops = []
    for spec in stage.outputs:
        worst = worst_element(artifact.engine, spec.name, samples, produced)
        step, scale = _step(precision, spec.name, samples)
        allowed = Tolerance(limit=worst.error + step, noise=0.0, scale=scale, spread=0.0)
        hop = measured_hop(artifact.engine, samples, produced, worst, allowed, classifier=classifier)
        hops.append(replace(hop, precision=precision))
    return tuple(hops)


def _samples(bundle: Bundle, stage: Stage) -> tuple[Sample, ...]:
    return tuple(
        Sample(key=f"{number:03}", inputs=one.inputs, expected=one.outputs, precise={}, valid=one.valid)
        for number, one in enumerate(read_golden(bundle, stage))
    )


def _step(precision: str, output: str, samples: tuple[Sample, ...]) -> tuple[float, float]:
    """One step of the output's grid, and its largest magnitude."""
    counted = [np.asarray(one.expected[output], np.float64)[valid_elements(one, output)] for one in samples]
    values = np.concatenate([one.ravel() for one in counted])
    if not values.size:
        return 0.0, 0.0
    scale = float(np.abs(values).max())
    reach = float(values.max() - values.min()) / LEVELS
    return (scale / STEPS[precision] if precision in STEPS else reach), scale
