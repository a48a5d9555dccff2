"""The child that runs an ONNX model as it came, without graph optimisation: its answers are the reference."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import numpy as np

from edge.engines import Session, open_session
from edge.errors import EnvironmentLackError, InputError, SessionError
from edge.manifest import TensorSpec
from packager.emit.constants import MappedConstants, write_safetensors
from packager.errors import UnsupportedModelError
from packager.parity.reference import Arrays
from packager.tasks.modality import Feeds

REMEDY = "give inputs that it takes with --samples FILE.npz"


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Write samples and reference of the calls in `given` that count.

    The first `seeded` calls are made up. Where the model does not run on one of those, and the user has given calls of
    his own, these alone count; else UnsupportedModelError says what the model wants.
    """
    if request["memory_limit"]:
        resource.setrlimit(resource.RLIMIT_DATA, (request["memory_limit"], request["memory_limit"]))
    path = Path(request["model"])
    inputs, outputs = (tuple(TensorSpec.from_json(spec) for spec in request[side]) for side in ("inputs", "outputs"))
    try:
        session = open_session(
            "onnxruntime", path, inputs=inputs, outputs=outputs, threads=request["threads"], optimise=False
        )
    except SessionError as error:
        raise UnsupportedModelError(error.message, remedy="export the model again, or another one") from error
    calls = _calls(Path(request["given"]))
    made_up, real = calls[: request["seeded"]], calls[request["seeded"] :]
    try:
        counted = _run(session, made_up, path.name, real=False)
    except UnsupportedModelError:
        if not real:
            raise
        counted = []
    _write(counted + _run(session, real, path.name, real=True), request)
    return {}


def _calls(file: Path) -> list[Feeds]:
    found: dict[str, Feeds] = {}
    for full, array in MappedConstants(file).items():
        key, _, name = full.partition("/in:")
        found.setdefault(key, {})[name] = np.array(array)
    return [found[key] for key in sorted(found)]


def _run(session: Session, calls: list[Feeds], label: str, *, real: bool) -> list[tuple[Feeds, Arrays]]:
    answered: list[tuple[Feeds, Arrays]] = []
    for call in calls:
        shapes = ", ".join(f"{name} {list(array.shape)}" for name, array in call.items())
        try:
            answer = session.run(call)
        except (SessionError, InputError) as error:
            if "allocate memory" in error.message or "bad_alloc" in error.message:
                raise EnvironmentLackError(
                    f"{label} needs more memory than there is here", remedy="use a smaller model"
                ) from error
            made = "" if real else " made up for it"
            raise UnsupportedModelError(
                f"{label} does not run on inputs{made} ({shapes}): {error.message}", remedy=REMEDY
            ) from error
        for name, array in answer.items():
            if np.isnan(array).any():
                raise UnsupportedModelError(
                    f"{label} computes undefined numbers in {name!r} for inputs of {shapes}", remedy=REMEDY
                )
        answered.append((call, answer))
    return answered


def _write(counted: list[tuple[Feeds, Arrays]], request: dict[str, Any]) -> None:
    pairs = list(enumerate(counted))
    samples = {f"{at:03d}/in:{name}": array for at, (call, _) in pairs for name, array in call.items()}
    reference = {f"{at:03d}/out32:{name}": np.asarray(a) for at, (_, answer) in pairs for name, a in answer.items()}
    write_safetensors(Path(request["samples"]), samples)
    write_safetensors(Path(request["reference"]), reference)
