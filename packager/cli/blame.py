"""`packager blame`: which node of a network makes a build fail on parity."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.printer import json_option, show, table
from packager.cli.options import sizes, source_options, split
from packager.extra import need_extra

if TYPE_CHECKING:
    from edge.manifest import TensorSpec
    from packager.blame import Finding


@click.command(epilog="Example: packager blame ./my-model --engine onnxruntime")
@click.argument("source")
@source_options
@json_option
@click.pass_context
def blame(
    context: click.Context,
    source: str,
    task: str,
    revision: str | None,
    engines: str,
    shape: str | None,
    seed: int,
    samples: Path | None,
    licences: tuple[str, ...],
    *,
    offline: bool,
    as_json: bool,
) -> None:
    """Find the first node of SOURCE whose value drifts where `packager build` stops on parity.

    Goes the road of a build. In the first hop that is over its tolerance, values inside the network are compared with
    torch's, by a search that runs parts of it. Exit code 1 says that a node was found, 0 that every hop is within its
    tolerance.
    """
    need_extra()
    from packager.blame import blame as find
    from packager.errors import ParityError
    from packager.order import Order

    logging.getLogger("packager.build").setLevel(logging.INFO)
    order = Order(task=task, engines=split(engines), shape=sizes(shape or ""), seed=seed, samples=samples)
    found = find(source, order, revision=revision, offline=offline, allow_licences=licences)
    show(as_json, {"found": found.to_json() if found else None}, _lines(found) if found else [_fine(source)])
    if found:
        context.exit(ParityError.exit_code)


def _fine(source: str) -> str:
    return f"{source}: every hop is within its tolerance, nothing is to blame"


def _lines(found: Finding) -> Iterator[str]:
    yield f"{found.hop}: the first node that drifts is {found.node}"
    made_of = [found.operator, *(f"with {name}" for name in found.merged)]
    rows = [
        ("ATen operator", ", ".join(made_of)),
        ("Paddle operators", ", ".join(found.paddle)),
        ("layer", found.layer or "top level"),
        *(("input", _shown(spec)) for spec in found.inputs),
        ("output", _shown(found.output)),
        ("error", found.where),
        ("tolerance", f"{found.tolerance:.2e}"),
        ("made wrong by", found.stage),
        ("looked at", f"{found.nodes} nodes in {found.runs} runs"),
    ]
    yield from table(rows, indent=2)


def _shown(spec: TensorSpec) -> str:
    return f"{spec.name} {spec.dtype} [{', '.join(map(str, spec.shape))}]"
