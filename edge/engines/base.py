"""What every engine is to the rest: an entry in the registry, and a session of six members."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from edge.errors import SessionError
from edge.manifest import TensorSpec

log = logging.getLogger("edge.engines")

Array = NDArray[Any]


class Session(Protocol):
    """An artifact that is loaded and ready. `run` takes every input by name and gives every output by name."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What `run` takes."""

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What `run` gives."""

    @property
    def threads(self) -> int:
        """How many threads compute, as the engine tells; what was asked for where it tells nothing."""

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """One inference; raises InputError where the feeds do not fit, SessionError where the engine fails."""

    def bind(self, feeds: Mapping[str, Array]) -> Callable[[], dict[str, Array]]:
        """An inference of these feeds that is run when it is called: they are checked now, and must not change.

        Raises what `run` raises. Drop it when the session is closed.
        """

    def close(self) -> None:
        """Free what the session holds; closing twice is fine, running afterwards is a SessionError."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of an engine. `providers` are ONNX Runtime's, empty means the CPU.

    `optimise` lets ONNX Runtime rewrite the graph; without, it runs the nodes as they are written. With `spare` it
    gives the memory of an inference back at its end: right for large inputs that are rare, else a waste of time.
    Where the engine gives something else, `strict` decides between a SessionError and a warning in the log.
    """

    threads: int
    providers: tuple[str, ...] = ()
    strict: bool = False
    optimise: bool = True
    spare: bool = False

    def compare(self, what: str, asked: object, got: object) -> None:
        """Compare what was asked for with what the engine reports."""
        if asked == got:
            return
        message = f"asked for {what} {asked}, the engine gives {got}"
        if self.strict:
            raise SessionError(message, remedy="ask for what this machine has: edge doctor lists it")
        log.warning(message)


@dataclass(frozen=True, kw_only=True)
class EngineEntry:
    """An engine: `version` raises SessionError with the remedy where it is not installed.

    `interpreter` is the Python that it runs in, `providers` what it could compute on beside or instead of the CPU.
    Where it is `concurrent`, several threads may run one session at once.
    """

    id: str
    title: str
    version: Callable[[], str]
    interpreter: Callable[[], str]
    providers: Callable[[], tuple[str, ...]]
    open: Callable[[Path, tuple[TensorSpec, ...], tuple[TensorSpec, ...], Asked], Session]
    concurrent: bool
