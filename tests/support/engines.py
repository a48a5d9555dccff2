"""Runs a small program on every hop of the build, fast enough for a test of one operator.

Paddle and paddle2onnx run in this process; Paddle Lite in one child that serves all tests and is replaced when it dies.
"""

from __future__ import annotations

import atexit
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from edge.engines import open_session
from edge.engines.frames import read_frame, write_frame
from packager.emit.lite_python import lite_python
from packager.emit.onnx_worker import make_onnx
from packager.emit.paddle_params import write_params
from packager.emit.paddle_run import PaddleRunner
from packager.emit.program_desc import serialise
from packager.lower.legalise import legalise
from packager.lower.program import Program

Arrays = Mapping[str, NDArray[Any]]
Results = list[dict[str, NDArray[np.generic]]]

ROOT = Path(__file__).resolve().parents[2]
HOPS = ("paddle", "paddle-onnx", "paddle-lite", "onnxruntime", "paddlelite")


def run_everywhere(
    program: Program, feeds: Arrays | Sequence[Arrays], *, hops: Sequence[str] = HOPS
) -> dict[str, Results]:
    """Every output of every sample by hop.

    `paddle` is the neutral program, `paddle-onnx` and `paddle-lite` are the legalised ones in Paddle, `onnxruntime` the
    ONNX file, `paddlelite` the x86 `.nb` (the arm one is made, too, and must not fail).
    """
    samples = [feeds] if isinstance(feeds, Mapping) else list(feeds)
    with tempfile.TemporaryDirectory(prefix="edgepack-test-") as folder:
        return {hop: _RUN[hop](program, samples, Path(folder)) for hop in hops}


def run_paddle(program: Program, samples: Sequence[Arrays], folder: Path) -> Results:
    runner = PaddleRunner(save(program, folder)[0])
    return [runner.run(sample) for sample in samples]


def run_onnx(program: Program, samples: Sequence[Arrays], folder: Path) -> Results:
    legal = legalise(program, "onnxruntime")
    model, params = save(legal, folder)
    path = folder / "program.onnx"
    make_onnx(model, params, path, inputs=legal.inputs, outputs=legal.outputs)
    session = open_session("onnxruntime", path, inputs=program.inputs, outputs=program.outputs, threads=1)
    return [session.run(sample) for sample in samples]


def run_lite(program: Program, samples: Sequence[Arrays], folder: Path) -> Results:
    legal = legalise(program, "paddlelite")
    model, params = save(legal, folder)
    header = {
        "model": str(model),
        "params": str(params),
        "folder": str(folder),
        "places": ["arm", "x86"],
        "inputs": [spec.to_json() for spec in program.inputs],
        "outputs": [spec.to_json() for spec in program.outputs],
        "samples": len(samples),
    }
    outputs = _child().ask(
        header, {f"{n}/{k}": np.asarray(v) for n, sample in enumerate(samples) for k, v in sample.items()}
    )
    return [{spec.name: outputs[f"{n}/{spec.name}"] for spec in program.outputs} for n in range(len(samples))]


def save(program: Program, folder: Path) -> tuple[Path, Path]:
    """Write the program as a Paddle model, in this process."""
    model, params = folder / "program.pdmodel", folder / "program.pdiparams"
    model.write_bytes(serialise(program))
    write_params(program.constants, params)
    return model, params


_RUN = {
    "paddle": run_paddle,
    "paddle-onnx": lambda program, samples, folder: run_paddle(legalise(program, "onnxruntime"), samples, folder),
    "paddle-lite": lambda program, samples, folder: run_paddle(legalise(program, "paddlelite"), samples, folder),
    "onnxruntime": run_onnx,
    "paddlelite": run_lite,
}


class LiteCrashError(AssertionError):
    """Paddle Lite's process died on this program."""


class _LiteChild:
    """The one child; a program that kills it gets LiteCrashError, the next program a new child."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
        self._process = subprocess.Popen(
            [lite_python(), "-m", "tests.support.lite_child"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
        )  # fmt: skip
        atexit.register(self._process.kill)

    def ask(self, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        try:
            write_frame(cast("BinaryIO", self._process.stdin), header, arrays)
            return read_frame(cast("BinaryIO", self._process.stdout))[1]
        except (EOFError, BrokenPipeError):
            _child.cache_clear()
            code = self._process.wait()
            self._errors.seek(0)
            tail = self._errors.read().decode(errors="replace").strip().splitlines()[-8:]
            for file in (self._errors, self._process.stdout):
                cast("BinaryIO", file).close()
            with suppress(BrokenPipeError):
                cast("BinaryIO", self._process.stdin).close()
            raise LiteCrashError(f"exit code {code}: " + "\n".join(tail)) from None


@cache
def _child() -> _LiteChild:
    return _LiteChild()
