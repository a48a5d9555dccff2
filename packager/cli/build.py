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
from packager.cli.options import sizes, split
from packager.extra import need_extra

if TYPE_CHECKING:
    from edge.bundle import Bundle

EXAMPLE = "Example: packager build ./resnet-50 -o resnet50.edge --engine onnxruntime"


@click.command(epilog=EXAMPLE)
@click.argument("source")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The bundle to write, NAME.edge.")
@click.option("--name", default="", help="The bundle's name (default: the output's).")
@click.option("--task", default="auto", show_default=True, help="What the model does: see the tasks in the README.")
@click.option("--revision", help="A commit, branch or tag of the repository; it is pinned to the commit.")
@click.option("--engine", "engines", default="onnxruntime,paddlelite", show_default=True, help="With commas.")
@click.option("--place", "places", default="arm,x86", show_default=True, help="Paddle Lite's, with commas.")
@click.option("--shape", metavar="AXIS=SIZE,...", help="Fix sizes that are open otherwise: batch=1,sequence=128.")
@click.option("--serial", default=0, help="The number that orders updates of this bundle.")
@click.option("--seed", default=0, help="Seed of the samples that parity is measured on.")
@click.option("--samples", type=click.Path(path_type=Path), help="An .npz of inputs to measure on, too.")
@click.option("--allow-licence", "licences", multiple=True, metavar="SPDX", help="Accept this licence.")
@click.option("--offline", is_flag=True, help="Use the cache only; no socket is opened.")
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
    seed: int,
    samples: Path | None,
    licences: tuple[str, ...],
    *,
    offline: bool,
    as_json: bool,
) -> None:
    """Build the bundle OUTPUT from SOURCE.

    SOURCE is org/name or hf://org/name@revision, a folder in the Hugging Face layout or with a Paddle inference model,
    or an .onnx file. Every hop is measured against the original; exit code 1 says that one is over its tolerance.
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
    )
    made = build_bundle(source, output, order, revision=revision, offline=offline, allow_licences=licences)
    show(as_json, made.manifest.to_json(), _lines(made))


def _leave(number: int, _frame: object) -> None:
    """End as on Ctrl-C, so that gigabytes of temporary files are not left behind."""
    sys.exit(128 + number)


def _lines(made: Bundle) -> Iterator[str]:
    manifest = made.manifest
    for stage in manifest.stages:
        yield from hop_table(stage)
    total = sum(entry.size for entry in manifest.files)
    size = f"{len(manifest.files)} files, {mebibytes(total)}"
    yield f"{made.path}: {manifest.task}, {size}, licence {manifest.source.licence.id}"
