"""The stage that needs Paddle to write programs as `.pdmodel`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packager.emit.program_desc import serialise
from packager.emit.program_file import read_program


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"jobs": [{"program": a file of program_file, "model": .pdmodel}]}`: write the model of each."""
    for job in request["jobs"]:
        program = read_program(Path(job["program"]))
        Path(job["model"]).write_bytes(serialise(program))
    return {}
