"""Program to Paddle inference model: `.pdmodel` and `.pdiparams`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packager.emit.paddle_params import write_params
from packager.emit.program_file import write_program
from packager.lower.program import Program
from packager.worker import run_worker


@dataclass(frozen=True)
class PaddleModel:
    """The two files of a Paddle inference model."""

    model: Path
    params: Path


def to_paddle(programs: Mapping[str, Program], folder: Path) -> dict[str, PaddleModel]:
    """Write `NAME.pdmodel` and `NAME.pdiparams` into `folder` for each program; inputs and outputs keep their names.

    Raises ToolError naming the operator that Paddle refuses.
    """
    written = {name: PaddleModel(folder / f"{name}.pdmodel", folder / f"{name}.pdiparams") for name in programs}
    with tempfile.TemporaryDirectory(prefix="program-", dir=folder) as scratch, ThreadPoolExecutor(1) as pool:
        jobs = []
        for name, program in programs.items():
            path = Path(scratch, f"{name}.json")
            write_program(program, path)
            jobs.append({"program": str(path), "model": str(written[name].model)})
        # While Paddle is loaded and looks at the operators.
        params = pool.submit(_write_params, programs, written)
        run_worker("packager.emit.paddle_worker", {"jobs": jobs})
        params.result()
    return written


def _write_params(programs: Mapping[str, Program], written: Mapping[str, PaddleModel]) -> None:
    for name, program in programs.items():
        write_params(program.constants, written[name].params)
