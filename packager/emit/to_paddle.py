"""Program to Paddle inference model: `.pdmodel` and `.pdiparams`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
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


def to_paddle(
    programs: Mapping[str, Program], folder: Path, *, constants_file: Path | None = None
) -> dict[str, PaddleModel]:
    """Write `NAME.pdmodel` and `NAME.pdiparams` into `folder` for each program; inputs and outputs keep their names.

    `constants_file` is the capture's file: what it holds already is not written a second time on the way. Raises
    ToolError naming the operator that Paddle refuses.
    """
    written = {name: PaddleModel(folder / f"{name}.pdmodel", folder / f"{name}.pdiparams") for name in programs}
    with ExitStack() as stack:
        jobs = []
        for name, program in programs.items():
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="program-", dir=folder))
            path = write_program(program, Path(scratch), constants_file)
            files = written[name]
            jobs.append({"program": str(path), "model": str(files.model), "params": str(files.params)})
        run_worker("packager.emit.paddle_worker", {"jobs": jobs})
    return written
