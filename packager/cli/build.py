"""`packager build`: from a model to a bundle."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edge.cli.hops import hop_table
from edge.cli.printer import json_option, mebibytes, show
from edge.quantisation import CHOSEN
from packager.cli.options import pairs, quantise_options, sizes, source_options, split
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
@click.option("--precision", default="fp32", show_default=True, help="fp32, fp16, int8, or auto: what pays.")
@quantise_options
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
    precision: str,
    seed: int,
    samples: Path | None,
    licences: tuple[str, ...],
    *,
    offline: bool,
    as_json: bool,
    **quantise: Any,
) -> None:
    """Build the bundle OUTPUT from SOURCE.

    SOURCE is org/name or hf://org/name@revision, a folder in the Hugging Face layout or with a Paddle inference model,
    an .onnx file, or a recipe: its name, or the path of a .toml. Every hop is measured against the original; exit code
    1 says that one is over its tolerance. With --precision int8, fp16 or auto each stage is then quantised where that
    is measured to pay, on inputs of --calibration.
    """
    need_extra()
    from packager.order import Order
    from packager.pipeline import build as build_bundle
    from packager.quantise.settings import Settings

    logging.getLogger("packager.build").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, leave)
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
        quantisation=Settings(precision=precision, seed=seed, **quantise),
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
    show(as_json, made.manifest.to_json(), bundle_lines(made))


def leave(number: int, _frame: object) -> None:
    """End as on Ctrl-C, so that gigabytes of temporary files are not left behind."""
    sys.exit(128 + number)


def bundle_lines(made: Bundle) -> Iterator[str]:
    """The hops of a bundle that was written, and what it is."""
    manifest = made.manifest
    for stage in manifest.stages:
        if len(manifest.stages) > 1:
            yield f"stage {stage.name}"
        yield from hop_table(stage)
        for one in stage.quantisation.candidates if stage.quantisation else ():
            if one.verdict == CHOSEN:
                yield f"{one.engine}: {one.precision}, {one.reason}"
    total = sum(entry.size for entry in manifest.files)
    size = f"{len(manifest.files)} files, {mebibytes(total)}"
    yield f"{made.path}: {manifest.task}, {size}, licence {manifest.source.licence.id}"
