"""`packager doctor`: whether this host can build, and for which engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from edge.cli.printer import json_option, show, table
from edge.errors import EnvironmentLackError

if TYPE_CHECKING:
    from packager.doctor import HostDiagnosis


@click.command(epilog="Example: packager doctor")
@json_option
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Say which tools this host has, which it lacks and what to do; exit code 3 says that nothing can be built here."""
    from packager.doctor import diagnose_host

    found = diagnose_host()
    show(as_json, found.to_json(), _lines(found))
    if not found.can_build:
        context.exit(EnvironmentLackError.exit_code)


def _lines(found: HostDiagnosis) -> Iterator[str]:
    yield from table([(tool.name, tool.version or "missing", tool.remedy) for tool in found.tools])
    yield ", ".join(f"{engine}: {'ready' if ready else 'not ready'}" for engine, ready in found.engines.items())
