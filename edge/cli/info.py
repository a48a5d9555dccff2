"""`edge info`: what a bundle is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from edge.cli.hops import hop_table
from edge.cli.origins import licence, origin
from edge.cli.printer import json_option, mebibytes, show, table
from edge.manifest import Artifact, Manifest, Requires, Stage
from edge.specs import describe


@click.command(epilog="Example: edge info resnet50.edge")
@click.argument("bundle", type=click.Path(path_type=Path))
@json_option
def info(bundle: Path, as_json: bool) -> None:
    """Say what BUNDLE is.

    Its source, licence, inputs and outputs, artifacts and measured parity; its digests are checked first.
    """
    from edge.bundle import open_bundle

    manifest = open_bundle(bundle).manifest
    show(as_json, manifest.to_json(), _lines(manifest))


def _lines(manifest: Manifest) -> Iterator[str]:
    source = manifest.source
    size = sum(entry.size for entry in manifest.files)
    yield from table(
        [
            ("name", manifest.name),
            ("task", manifest.task),
            ("source", origin(source)),
            ("licence", licence(source)),
            ("requires", _requires(manifest.requires)),
            ("built with", ", ".join(f"{name} {version}" for name, version in manifest.tools.items())),
            ("files", f"{len(manifest.files)}, {mebibytes(size)}"),
        ]
    )
    for stage in manifest.stages:
        yield ""
        yield from _stage(manifest, stage)


def _stage(manifest: Manifest, stage: Stage) -> Iterator[str]:
    yield f"stage {stage.name}"
    rows = [("input", spec.name, describe(spec)) for spec in stage.inputs]
    rows += [("output", spec.name, describe(spec)) for spec in stage.outputs]
    rows += [("fixed", axis, str(size)) for axis, size in stage.fixed.items()]
    if stage.source:
        yield f"  source: {origin(stage.source)}, licence {licence(stage.source)}"
    yield from table(rows, indent=2)
    for title, steps in (("preprocess", stage.preprocess), ("postprocess", stage.postprocess)):
        if steps:
            yield f"  {title}: {', '.join(step.kind for step in steps)}"
    sizes = {entry.path: entry.size for entry in manifest.files}
    yield from table([_artifact(artifact, sizes) for artifact in stage.artifacts], indent=2)
    if stage.parity:
        yield from hop_table(stage, indent=2)


def _artifact(artifact: Artifact, sizes: dict[str, int]) -> tuple[str, ...]:
    target = artifact.place or (f"opset {artifact.opset}" if artifact.opset else "")
    return (artifact.engine, artifact.file, artifact.precision, target, mebibytes(sizes[artifact.file]))


def _requires(requires: Requires) -> str:
    demands = [
        " or ".join(requires.machines),
        f"glibc {requires.glibc}" if requires.glibc else "",
        f"{mebibytes(requires.memory_bytes)} of memory" if requires.memory_bytes else "",
        f"board {' or '.join(requires.boards)}" if requires.boards else "",
        *(f"{engine} {wanted}" for engine, wanted in requires.engines.items()),
    ]
    return ", ".join(filter(None, demands)) or "nothing"
