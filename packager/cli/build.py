"""`packager build`: from a model to a bundle."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.hops import hop_table
from edge.cli.printer import json_option, mebibytes, show
from packager.cli.options import pairs, sizes, source_options, split
from packager.extra import need_extra

if TYPE_CHECKING:
    from edge.bundle import Bundle

EXAMPLE = "Example: packager build ./resnet-50 -o resnet50.edge --engine onnxruntime"


@click.command(epilog=EXAMPLE)
@click.argument("source")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The bundle to write, NAME.edge.")
@click.option("--name", default="", help="The bundle's name (default: the output's).")
@click.option("--place", "places", default="arm,x86", show_default=True, help="Paddle Lite's, with commas.")
@click.option("--serial", default=0, help="The number that orders updates of this bundle.")
@click.option("--source", "stages", multiple=True, metavar="STAGE=SOURCE", help="Where a stage of a recipe comes from.")
@click.option("--characters", type=click.Path(path_type=Path), help="What a recipe's recogniser reads, one a line.")
@source_options
@json_option
def build(
    source: str,
    output: Path,
    name: str,
    task: str,
    revision: str | None,
    engines: str,
    places: str,
    shape: str | None,
    serial: int,
    stages: tuple[str, ...],
    characters: Path | None,
    seed: int,
    samples: Path | None,
    licences: tuple[str, ...],
    *,
    offline: bool,
    as_json: bool,
) -> None:
    """Build the bundle OUTPUT from SOURCE.

    SOURCE is org/name or hf://org/name@revision, a folder in the Hugging Face layout or with a Paddle inference model,
    an .onnx file, or a recipe: its name, or the path of a .toml. Every hop is measured against the original; exit code
    1 says that one is over its tolerance.
    """
    need_extra()
    from packager.order import Order
    from packager.pipeline import build as build_bundle

    logging.getLogger("packager.build").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, _leave)
    order = Order(
        task=task,
        engines=split(engines),
        places=split(places),  # type: ignore[arg-type]
        shape=sizes(shape or ""),
        name=name,
        serial=serial,
        seed=seed,
        samples=samples,
        characters=characters,
    )
    made = build_bundle(
        source,
        output,
        order,
        revision=revision,
        offline=offline,
        allow_licences=licences,
        sources=pairs(stages, "--source"),
    )
    show(as_json, made.manifest.to_json(), _lines(made))


def _leave(number: int, _frame: object) -> None:
    """End as on Ctrl-C, so that gigabytes of temporary files are not left behind."""
    sys.exit(128 + number)


def _lines(made: Bundle) -> Iterator[str]:
    manifest = made.manifest
    for stage in manifest.stages:
        if len(manifest.stages) > 1:
            yield f"stage {stage.name}"
        yield from hop_table(stage)
    total = sum(entry.size for entry in manifest.files)
    size = f"{len(manifest.files)} files, {mebibytes(total)}"
    yield f"{made.path}: {manifest.task}, {size}, licence {manifest.source.licence.id}"
