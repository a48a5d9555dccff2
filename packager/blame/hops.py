"""The representations of a network in the order of a build, and how each is run on the samples."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from edge.engines import PLACES
from edge.machine import this_machine
from packager.emit.paddle_params import write_params
from packager.emit.program_file import write_program
from packager.emit.to_lite import Place, to_lite
from packager.emit.to_onnx import to_onnx
from packager.emit.to_paddle import to_paddle
from packager.errors import UnsupportedModelError
from packager.lower.program import Program
from packager.order import Order
from packager.parity.artifact import run_artifact
from packager.parity.reference import Arrays, read_outputs
from packager.worker import run_worker

NAME = "probe"


@dataclass(frozen=True)
class Workbench:
    """Where probes are made and run: a scratch folder, the capture's samples, threads of the engine."""

    scratch: Path
    samples: Path
    threads: int


Run = Callable[[Program, Workbench], Mapping[str, Arrays]]
"""What a program computes for every sample, by sample key."""


@dataclass(frozen=True)
class Representation:
    """One hop: its name in messages and manifests, the engine whose program it runs, and what may have made it wrong.

    `at_once` boundaries are looked at in one run. Paddle runs operator by operator, whatever is looked at; but an
    engine does not fuse operators across an output, and what a fusion gets wrong is right without it.
    """

    name: str
    engine: str
    stage: str
    run: Run
    at_once: int
    reads_bool: bool = True


def representations(order: Order) -> Iterator[Representation]:
    """Every engine's program in Paddle, then its artifact."""
    for engine in order.engines:
        yield Representation(f"paddle for {engine}", engine, f"the legalisation for {engine}", in_paddle, 40)
    for engine in order.engines:
        yield ARTIFACTS[engine]


def in_paddle(program: Program, bench: Workbench) -> Mapping[str, Arrays]:
    """The program as it is."""
    with tempfile.TemporaryDirectory(prefix="program-", dir=bench.scratch) as folder:
        written, results = Path(folder, f"{NAME}.json"), bench.scratch / f"{NAME}.safetensors"
        write_program(program, written)
        write_params(program.constants, Path(folder, f"{NAME}.pdiparams"))
        request = {
            "program": str(written),
            "model": str(Path(folder, f"{NAME}.pdmodel")),
            "samples": str(bench.samples),
            "results": str(results),
        }
        run_worker("packager.blame.paddle_worker", request, isolated=True)
        return read_outputs(results)


def _in_onnxruntime(program: Program, bench: Workbench) -> Mapping[str, Arrays]:
    model = to_paddle({NAME: program}, bench.scratch)[NAME]
    made = to_onnx(model, bench.scratch, name=NAME, inputs=program.inputs, outputs=program.outputs)
    return _run("onnxruntime", made.file, program, bench)


def _in_paddlelite(program: Program, bench: Workbench) -> Mapping[str, Arrays]:
    model = to_paddle({NAME: program}, bench.scratch)[NAME]
    return _run("paddlelite", to_lite(model, bench.scratch, name=NAME, place=_place_here()).file, program, bench)


def _run(engine: str, file: Path, program: Program, bench: Workbench) -> Mapping[str, Arrays]:
    return run_artifact(
        engine,
        file,
        bench.samples,
        bench.scratch,
        inputs=program.inputs,
        outputs=program.outputs,
        threads=bench.threads,
    )


def _place_here() -> Place:
    places: tuple[Place, ...] = ("arm", "x86")
    found = [place for place in places if PLACES[place] == this_machine().machine]
    if not found:
        raise UnsupportedModelError(f"Paddle Lite has no place for {this_machine().machine}", remedy="use another host")
    return found[0]


ARTIFACTS: Mapping[str, Representation] = {
    "onnxruntime": Representation("onnxruntime", "onnxruntime", "paddle2onnx or ONNX Runtime", _in_onnxruntime, 1),
    # Paddle Lite returns bool outputs wrongly.
    "paddlelite": Representation("paddlelite", "paddlelite", "Paddle Lite", _in_paddlelite, 1, reads_bool=False),
}
"""The artifact's hop by engine."""
