"""Program to Paddle inference model: `.pdmodel` and `.pdiparams`."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from packager.emit.program_file import write_program
from packager.lower.program import Program
from packager.worker import run_worker


@dataclass(frozen=True)
class PaddleModel:
    """The two files of a Paddle inference model."""

    model: Path
    params: Path


def to_paddle(program: Program, folder: Path, *, name: str, constants_file: Path | None = None) -> PaddleModel:
    """Write `NAME.pdmodel` and `NAME.pdiparams` into `folder`; inputs and outputs carry the program's public names.

    `constants_file` is the capture's file: what it holds already is not written a second time on the way. Raises
    ToolError naming the operator that Paddle refuses.
    """
    written = PaddleModel(folder / f"{name}.pdmodel", folder / f"{name}.pdiparams")
    with tempfile.TemporaryDirectory(prefix="program-", dir=folder) as scratch:
        path = write_program(program, Path(scratch), constants_file)
        request = {"program": str(path), "model": str(written.model), "params": str(written.params)}
        run_worker("packager.emit.paddle_worker", request)
    return written
