"""The stage that needs Paddle: writes a program as `.pdmodel`, or runs and describes a saved model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packager.emit.paddle_params import write_params
from packager.emit.program_desc import serialise
from packager.emit.program_file import read_program


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"program": program.json, "model": .pdmodel, "params": .pdiparams}`: write both files."""
    program = read_program(Path(request["program"]))
    Path(request["model"]).write_bytes(serialise(program))
    write_params(program.constants, Path(request["params"]))
    return {}
