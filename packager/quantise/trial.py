"""A candidate: one way to quantise one stage for one engine, what came of it, and the bundle that has it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edge.bundle import Bundle
from edge.digests import sha256_file
from edge.manifest import MANIFEST_NAME, Artifact, FileEntry, Stage
from edge.quantisation import Interval
from packager.emit.onnx_limits import DATA_SUFFIX
from packager.quantise.scheme import Quantised, Scheme


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """What is known of a scheme. `failure` is why it could not be made or run, in one line.

    `bundle` is the fp32 bundle with only this artifact, or what stands in for it here, `size` is in bytes, `ratio` the
    latency over fp32's.
    """

    scheme: Scheme
    quantised: Quantised | None = None
    bundle: Bundle | None = None
    size: int = 0
    drop: Interval | None = None
    ratio: Interval | None = None
    failure: str = ""


def with_artifacts(stage: Stage, artifacts: Sequence[Artifact]) -> Stage:
    """The stage with other artifacts for their engines and places; the rest stays, in its order."""
    new = {(one.engine, one.place): one for one in artifacts}
    kept = tuple(new.pop((one.engine, one.place), one) for one in stage.artifacts)
    return replace(stage, artifacts=(*kept, *new.values()))


def files_of(bundle: Bundle, artifacts: Sequence[Artifact]) -> tuple[str, ...]:
    """The files of artifacts, with the weights that lie beside them."""
    listed = {entry.path for entry in bundle.manifest.files}
    named = [artifact.file for artifact in artifacts]
    return (*named, *(f"{name}{DATA_SUFFIX}" for name in named if f"{name}{DATA_SUFFIX}" in listed))


def replaced_by(stage: Stage, artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """Those of the stage's artifacts that `with_artifacts` takes away."""
    new = {(one.engine, one.place) for one in artifacts}
    return tuple(one for one in stage.artifacts if (one.engine, one.place) in new)


def size_of(bundle: Bundle, artifacts: Sequence[Artifact]) -> int:
    """Bytes of their files."""
    names = files_of(bundle, artifacts)
    return sum(entry.size for entry in bundle.manifest.files if entry.path in names)


def trial_bundle(fp32: Bundle, stage: Stage, made: Quantised, folder: Path) -> Bundle:
    """`folder`, a bundle like `fp32` but for the artifacts of one stage; files that both have are linked."""
    gone = files_of(fp32, replaced_by(stage, made.artifacts))
    kept = [entry for entry in fp32.manifest.files if entry.path not in gone]
    folder.mkdir()
    for entry in kept:
        _link(fp32.path / entry.path, folder / entry.path)
    for name, path in made.files.items():
        _link(path, folder / name)
    added = [FileEntry(path=name, size=p.stat().st_size, sha256=sha256_file(p)) for name, p in made.files.items()]
    other = with_artifacts(stage, made.artifacts)
    manifest = replace(
        fp32.manifest,
        files=tuple(sorted((*kept, *added), key=lambda entry: entry.path)),
        stages=tuple(other if one.name == stage.name else one for one in fp32.manifest.stages),
    )
    (folder / MANIFEST_NAME).write_bytes(manifest.to_bytes())
    return Bundle(folder, manifest)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
