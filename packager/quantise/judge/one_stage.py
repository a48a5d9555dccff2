"""A bundle of one stage for one engine: all that a device needs to time it, and nothing else to copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from edge.bundle import Bundle
from edge.errors import InputError
from edge.manifest import Requires
from packager.bundle import write_bundle

TENSORS = "tensors"
"""The task that feeds a network as it is."""


def one_stage(bundle: Bundle, stage: str, engine: str, out: Path) -> Bundle:
    """Write it, with the stage's artifacts of that engine and its golden vectors; raises InputError for none."""
    found = next((one for one in bundle.manifest.stages if one.name == stage), None)
    artifacts = tuple(one for one in found.artifacts if one.engine == engine) if found else ()
    if found is None or not artifacts or not found.golden:
        raise InputError(
            f"{bundle.path.name} has nothing of the stage {stage!r} to time on {engine}", remedy="build it again"
        )
    alone = replace(found, artifacts=artifacts, preprocess=(), postprocess=(), quantisation=None)
    files = [*(artifact.file for artifact in artifacts), *found.golden]
    data = {one.path for one in bundle.manifest.files if any(one.path.startswith(f"{file}.") for file in files)}
    manifest = replace(bundle.manifest, task=TENSORS, stages=(alone,), requires=Requires(), pages=())
    return write_bundle(out, manifest, {name: bundle.file(name) for name in {*files, *data}})
