"""`edge doctor`: what this machine offers, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from edge.cli.printer import json_option, mebibytes, show, table
from edge.errors import EnvironmentLackError

if TYPE_CHECKING:
    from edge.doctor import Diagnosis


@click.command(epilog="Example: edge doctor --json")
@json_option
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Say what this machine has and lacks.

    The board, what this process may use of it, and the engines, with a remedy for each that is missing. Exit code 3
    says that no bundle can run here.
    """
    from edge.doctor import diagnose

    found = diagnose()
    show(as_json, found.to_json(), _lines(found))
    if not found.healthy:
        context.exit(EnvironmentLackError.exit_code)


def _lines(found: Diagnosis) -> Iterator[str]:
    machine = found.machine
    yield from table(
        [
            ("edge", found.edge),
            ("python", f"{found.python}, {machine.bits}-bit ({found.interpreter})"),
            ("machine", f"{machine.machine}, {' '.join(machine.features) or 'no extensions'}"),
            ("board", machine.board or "unknown"),
            ("glibc", machine.glibc or "none"),
            ("memory", mebibytes(machine.memory_bytes)),
            ("threads", str(machine.cpus)),
        ]
    )
    for engine in found.engines:
        if engine.version:
            extra = f": {', '.join(engine.providers)}" if engine.providers else ""
            yield f"{engine.id} {engine.version} in {engine.runs_in}{extra}"
        else:
            yield f"{engine.id}: {engine.problem}"
            yield f"  {engine.remedy}"
