"""`packager quantise`: an fp32 bundle again, in the precision that pays."""

from __future__ import annotations

import logging
import signal
from pathlib import Path
from typing import Any

import click

from edge.cli.printer import json_option, show
from packager.cli.build import bundle_lines, leave
from packager.cli.options import quantise_options, split
from packager.extra import need_extra


@click.command(epilog="Example: packager quantise resnet50.edge -o resnet50-int8.edge --calibration pictures")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The bundle to write, NAME.edge.")
@click.option("--name", default="", help="The bundle's name (default: the output's).")
@click.option("--precision", default="auto", show_default=True, help="fp16, int8, or auto: what pays.")
@click.option("--engine", "engines", default="", help="With commas (default: all that the bundle has).")
@click.option("--seed", default=0, help="Seed of which inputs are held out.")
@quantise_options
@json_option
def quantise(
    bundle: Path, output: Path, name: str, precision: str, engines: str, seed: int, *, as_json: bool, **options: Any
) -> None:
    """Write OUTPUT: BUNDLE, which is fp32, with every stage in the fastest precision inside the budget.

    Ranges are taken from half of the inputs of --calibration, the other half is judged on. Where nothing pays, the
    stage stays in fp32; packager inspect shows all that was tried. Paddle Lite needs the Paddle programs, which the
    host that built the bundle keeps.
    """
    need_extra()
    from edge.bundle import open_bundle
    from packager.quantise.cache import find_programs
    from packager.quantise.run import of_engines
    from packager.quantise.run import quantise as quantise_bundle
    from packager.quantise.settings import Settings

    logging.getLogger("packager.build").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, leave)
    settings = Settings(precision=precision, seed=seed, **options)
    opened = open_bundle(bundle)
    chosen = of_engines(opened, split(engines)) if engines else opened
    made = quantise_bundle(
        chosen, output, settings, find_programs(chosen), name=name or output.name.removesuffix(".edge")
    )
    show(as_json, made.manifest.to_json(), bundle_lines(made))
