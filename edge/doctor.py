"""What this machine offers to bundles."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from edge import __version__
from edge.engines import ENGINES, EngineEntry
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
        engines=tuple(map(_state, ENGINES.values())),
    )


def _state(engine: EngineEntry) -> EngineState:
    try:
        return EngineState(
            id=engine.id, version=engine.version(), runs_in=engine.interpreter(), providers=engine.providers()
        )
    except SessionError as error:
        return EngineState(id=engine.id, problem=error.message, remedy=error.remedy)
