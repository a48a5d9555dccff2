"""`python -m benchmarks.shows 1 3`: three large shapes whose every parameter would be missed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import build
from benchmarks.goals import Row, at_most
from benchmarks.models.jittered import JITTERED
from benchmarks.shows.issue_1.checks import gate, verified
from edge.manifest import Manifest

ALBERT_GROWTH = 1.1


def run(folder: Path) -> Iterator[Row]:
    """Save, build and verify each."""
    for name, save in JITTERED.items():
        source = save(folder / name)
        bundle = folder / f"{name}.edge"
        manifest, _ = build(source, bundle)
        yield from gate(name, manifest)
        yield verified(name, bundle)
        if name == "albert-base":
            checkpoint = (source / "model.safetensors").stat().st_size
            yield at_most("ALBERT, ONNX over checkpoint", _onnx_bytes(manifest, bundle) / checkpoint, ALBERT_GROWTH)


def _onnx_bytes(manifest: Manifest, bundle: Path) -> int:
    files = [one.file for stage in manifest.stages for one in stage.artifacts if one.engine == "onnxruntime"]
    return sum((bundle / file).stat().st_size for file in files)
