"""`packager coverage`: which of transformers' architectures go the whole road."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.printer import json_option, show
from packager.extra import need_extra

if TYPE_CHECKING:
    from packager.coverage.row import Row


@click.command(epilog="Example: packager coverage vit swin --time-limit 120")
@click.argument("types", nargs=-1, metavar="[TYPE]...")
@click.option(
    "-o",
    "--output",
    default="docs",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of coverage.json and coverage.md.",
)
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="Types at a time.")
@click.option(
    "--time-limit",
    default=180.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Seconds for a type.",
)
@click.option(
    "--memory-limit", default=8192, show_default=True, type=click.IntRange(64), help="MiB for each process of a type."
)
@json_option
def coverage(
    types: tuple[str, ...], output: Path, jobs: int, time_limit: float, memory_limit: int, *, as_json: bool
) -> None:
    """Build a small network of each TYPE (transformers' model_type) for every engine, and write the table.

    Without TYPE, those are built that have no row yet. A type that fails is a row with its reason, not an error.
    """
    need_extra()
    from packager.coverage.limits import Limits
    from packager.coverage.run import cover

    def told(row: Row) -> None:
        marks = " ".join("yes" if cell.good else "no" for cell in row.cells)
        click.echo(f"{row.task} {row.name}: {marks} ({row.seconds:.0f} s)", err=True)

    table = cover(types, output, Limits(time_limit, memory_limit << 20), jobs=jobs, told=told)
    show(as_json, table.to_json(), [f"{output}: {len(table.rows)} rows"])
