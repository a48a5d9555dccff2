"""The command `edge`: this module only assembles; each command has a module of its own."""

from __future__ import annotations

import sys

from edge import __version__
from edge.cli import application

group = application.make_group(
    "edge",
    __version__,
    "Verify, run and measure bundles on a device.",
    {
        "run": "edge.cli.run:run",
        "batch": "edge.cli.batch:batch",
        "info": "edge.cli.info:info",
        "verify": "edge.cli.verify:verify",
        "bench": "edge.cli.bench:bench",
        "sweep": "edge.cli.sweep:sweep",
        "compare": "edge.cli.compare:compare",
        "report": "edge.cli.report:report",
        "doctor": "edge.cli.doctor:doctor",
    },
)


def main() -> None:
    """Entry point of the command."""
    sys.exit(application.run(group, "edge"))
