"""What this machine offers to bundles."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass

from edge import __version__
from edge.engines import ENGINES, lite, lite_process, ort
from edge.errors import SessionError
from edge.machine import Machine, this_machine
from edge.records import Record
from edge.requirements import WORD_BITS


@dataclass(frozen=True, kw_only=True)
class EngineState(Record):
    """An engine: its version and where it runs, or the problem with its remedy."""

    id: str
    version: str = ""
    runs_in: str = ""
    providers: tuple[str, ...] = ()
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Diagnosis(Record):
    """The machine, the interpreter and the engines."""

    edge: str
    python: str
    interpreter: str
    machine: Machine
    engines: tuple[EngineState, ...]

    @property
    def healthy(self) -> bool:
        """Whether a bundle can run here at all."""
        return self.machine.bits == WORD_BITS and any(engine.version for engine in self.engines)


def diagnose() -> Diagnosis:
    """Look at everything; an engine that is missing is told, not raised."""
    return Diagnosis(
        edge=__version__,
        python=platform.python_version(),
        interpreter=sys.executable,
        machine=this_machine(),
        engines=tuple(_state(engine) for engine in ENGINES),
    )


def _state(engine: str) -> EngineState:
    try:
        version = ENGINES[engine].version()
    except SessionError as error:
        return EngineState(id=engine, problem=error.message, remedy=error.remedy)
    if engine == "onnxruntime":
        return EngineState(id=engine, version=version, runs_in=sys.executable, providers=ort.providers())
    where = sys.executable if lite.importable() else os.environ[lite_process.VARIABLE]
    return EngineState(id=engine, version=version, runs_in=where)
