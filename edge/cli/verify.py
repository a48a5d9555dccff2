"""`edge verify`: whether a bundle is whole, and its engines give here what they gave when it was built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.printer import json_option, show, table

if TYPE_CHECKING:
    from edge.verify import PageCheck, Verification

PAGES_HEAD = ("page", "engine", "lines", "off, in heights", "tolerance")


@click.command(epilog="Example: edge verify resnet50.edge --engine onnxruntime")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--engine", help="Run only this engine (default: every one that can run here).")
@click.option("--threads", type=click.IntRange(min=1), help="Threads of the engine (default: all that it may use).")
@json_option
def verify(bundle: Path, engine: str | None, threads: int | None, as_json: bool) -> None:
    """Prove that BUNDLE works here.

    Checks every byte, what the bundle requires, and on every engine that can run here its golden vectors and pages.
    Exit code 1 says that the bundle is damaged or an engine is wrong, 3 that this machine lacks something.
    """
    from edge.bundle import open_bundle
    from edge.verify import verify as verify_bundle

    done = verify_bundle(open_bundle(bundle), engine, threads=threads)
    show(as_json, done.to_json(), _lines(done))


def _page(check: PageCheck) -> tuple[str, ...]:
    return (check.file, check.engine, str(check.lines), f"{check.off:.2g}", f"{check.tolerance:.2g}")


def _lines(done: Verification) -> Iterator[str]:
    yield f"{done.bundle}: {done.files} files are whole"
    head = ("stage", "engine", "version", "output", "vectors", "max abs", "tolerance")
    body = [
        (c.stage, c.engine, c.version, c.output, str(c.vectors), f"{c.max_abs:.2g}", f"{c.tolerance:.2g}")
        for c in done.checks
    ]
    yield from table([head, *body], indent=2)
    if done.pages:
        yield from table([PAGES_HEAD, *(_page(check) for check in done.pages)], indent=2)
    for skipped in done.not_run:
        yield f"  not run: {skipped.engine}: {skipped.reason}"
    yield "verified"
