"""`packager inspect`: where a bundle comes from, what is in it, and how it was proved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.hops import hop_table
from edge.cli.origins import licence, origin
from edge.cli.printer import json_option, mebibytes, show, table

if TYPE_CHECKING:
    from edge.manifest import Manifest


@click.command(epilog="Example: packager inspect resnet50.edge")
@click.argument("bundle", type=click.Path(path_type=Path))
@json_option
def inspect(bundle: Path, *, as_json: bool) -> None:
    """Show the origin, licence, tools, files and measured hops of BUNDLE; its digests are checked first."""
    from edge.bundle import open_bundle

    manifest = open_bundle(bundle).manifest
    show(as_json, manifest.to_json(), _lines(manifest))


def _lines(manifest: Manifest) -> Iterator[str]:
    source = manifest.source
    yield from table(
        [
            ("bundle", f"{manifest.name}, serial {manifest.serial}, format {manifest.format}, {manifest.task}"),
            ("source", origin(source)),
            ("licence", licence(source)),
            ("tools", ", ".join(f"{name} {version}" for name, version in manifest.tools.items())),
        ]
    )
    for stage in manifest.stages:
        yield ""
        if stage.source:
            yield f"{stage.name}: {origin(stage.source)}, licence {licence(stage.source)}"
        yield from hop_table(stage)
        if stage.quantisation:
            from packager.quantise.report.lines import lines

            yield from lines(stage.quantisation)
    yield ""
    yield from table([(entry.path, mebibytes(entry.size), entry.sha256) for entry in manifest.files])
