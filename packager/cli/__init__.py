"""The command `packager`: this module only assembles; each command has a module of its own."""

from __future__ import annotations

import sys

from edge import __version__
from edge.cli import application

group = application.make_group(
    "packager",
    __version__,
    "Turn a model into a verified bundle for edge devices.",
    {
        "build": "packager.cli.build:build",
        "quantise": "packager.cli.quantise:quantise",
        "blame": "packager.cli.blame:blame",
        "image": "packager.cli.image:image",
        "inspect": "packager.cli.inspect:inspect",
        "doctor": "packager.cli.doctor:doctor",
        "coverage": "packager.cli.coverage:coverage",
    },
)


def main() -> None:
    """Entry point of the command."""
    sys.exit(application.run(group, "packager"))
