"""The engines: one registry, one door to open a session, one rule that chooses an artifact.

A new engine is a module with a `Session` and one entry in `ENGINES`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from edge.boards import BOARDS
from edge.engines import lite, lite_process, ort
from edge.engines.base import Array, Asked, EngineEntry, Session
from edge.errors import EnvironmentLackError, InputError, SessionError
from edge.machine import Machine, this_machine, usable_cpus
from edge.manifest import Artifact, Requires, Stage, TensorSpec
from edge.requirements import check_engine, fits_board

__all__ = [
    "ENGINES",
    "Array",
    "Asked",
    "EngineEntry",
    "Session",
    "artifacts_for",
    "choose",
    "engine_entry",
    "most_telling",
    "open_session",
    "why_not",
]


def _lite_version() -> str:
    return lite.version() if lite.importable() else lite_process.version()


def _lite_interpreter() -> str:
    return _here() if lite.importable() else lite_process.interpreter()


def _here() -> str:
    return sys.executable


def _open_lite(path: Path, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...], asked: Asked) -> Session:
    if asked.providers:
        raise SessionError(f"Paddle Lite has no providers {list(asked.providers)}", remedy="leave them out")
    kind = lite.LiteSession if lite.importable() else lite_process.LiteProcess
    return kind(path, inputs, outputs, asked)


# In the order in which they are preferred.
ENGINES: dict[str, EngineEntry] = {
    "onnxruntime": EngineEntry(
        id="onnxruntime",
        title="ONNX Runtime",
        version=ort.version,
        interpreter=_here,
        providers=ort.providers,
        open=ort.OrtSession,
        concurrent=True,
    ),
    "paddlelite": EngineEntry(
        id="paddlelite",
        title="Paddle Lite",
        version=_lite_version,
        interpreter=_lite_interpreter,
        providers=tuple,
        open=_open_lite,
        concurrent=False,
    ),
}

MAX_THREADS = 512
"""More than any machine that this is for; some ten thousand would keep it busy with starting them."""

PLACES = {"arm": "aarch64", "x86": "x86_64"}
"""Paddle Lite's places, and the machine that each runs on."""


def engine_entry(engine: str) -> EngineEntry:
    """The engine of that id; raises InputError listing those that there are."""
    if engine not in ENGINES:
        raise InputError(f"unknown engine {engine!r}", remedy=f"the engines are: {', '.join(ENGINES)}")
    return ENGINES[engine]


def open_session(  # noqa: PLR0913 (each is a fact of its own)
    engine: str,
    path: Path,
    *,
    inputs: tuple[TensorSpec, ...],
    outputs: tuple[TensorSpec, ...],
    threads: int | None = None,
    providers: tuple[str, ...] = (),
    strict: bool = False,
    optimise: bool = True,
    spare: bool = False,
) -> Session:
    """Load an artifact of known inputs and outputs.

    `threads` counts intra-operator threads; by default as many as this process may use. Raises SessionError where the
    engine is missing or refuses the artifact, or, if `strict`, gives other threads or providers than asked; BundleError
    where the artifact has other inputs or outputs. Without `optimise` ONNX Runtime runs the graph as it is written.
    With `spare` it keeps no memory between inferences.
    """
    if threads is not None and not 1 <= threads <= MAX_THREADS:
        raise InputError(f"{threads} threads cannot run anything", remedy=f"give 1 to {MAX_THREADS}")
    asked = Asked(threads=threads or usable_cpus(), providers=providers, strict=strict, optimise=optimise, spare=spare)
    return engine_entry(engine).open(path, inputs, outputs, asked)


def choose(
    stage: Stage,
    engine: str | None = None,
    *,
    precision: str | None = None,
    requires: Requires | None = None,
    machine: Machine | None = None,
) -> Artifact:
    """The artifact to run: the preferred engine's that fits this machine and is installed, or the one of `engine`.

    Of several of one engine it is the first, or the first of that `precision`. Raises InputError where the bundle has
    nothing of that kind; where nothing that it has can run here, SessionError for an engine that is not installed, else
    EnvironmentLackError.
    """
    candidates = artifacts_for(stage, engine, precision)
    reasons: list[EnvironmentLackError] = []
    for artifact in candidates:
        reason = why_not(artifact, requires or Requires(), machine or this_machine())
        if reason is None:
            return artifact
        reasons.append(reason)
    raise most_telling(reasons)


def most_telling(reasons: Sequence[EnvironmentLackError]) -> EnvironmentLackError:
    """The reason to show: an engine that could be installed says more than an artifact for another place."""
    return min(reasons, key=lambda reason: not isinstance(reason, SessionError))


def artifacts_for(stage: Stage, engine: str | None = None, precision: str | None = None) -> tuple[Artifact, ...]:
    """The stage's artifacts of one engine, or of all engines in the order of preference; raises InputError for none."""
    wanted = list(ENGINES) if engine is None else [engine_entry(engine).id]
    engines = tuple(artifact for name in wanted for artifact in stage.artifacts if artifact.engine == name)
    if not engines:
        have = ", ".join(dict.fromkeys(artifact.engine for artifact in stage.artifacts)) or "nothing"
        raise InputError(f"the bundle has nothing for {' or '.join(wanted)}", remedy=f"it has: {have}")
    found = tuple(artifact for artifact in engines if precision in (None, artifact.precision))
    if not found:
        have = ", ".join(dict.fromkeys(artifact.precision for artifact in engines))
        raise InputError(f"the bundle has nothing in {precision} for {' or '.join(wanted)}", remedy=f"it has: {have}")
    return found


def why_not(artifact: Artifact, requires: Requires, machine: Machine) -> EnvironmentLackError | None:
    """Why the artifact cannot run here: it is for another place or board, or its engine is missing or too old."""
    place = artifact.place
    fits = fits_board(machine, (place,)) if place in BOARDS else PLACES.get(place, machine.machine) == machine.machine
    if not fits:
        return EnvironmentLackError(
            f"{artifact.file} is for {place}, this machine is {machine.board or machine.machine}",
            remedy="use another engine or build for this machine",
        )
    try:
        version = engine_entry(artifact.engine).version()
        check_engine(requires, artifact.engine, version, artifact.minimum_engine)
    except EnvironmentLackError as reason:
        return reason
    return None
