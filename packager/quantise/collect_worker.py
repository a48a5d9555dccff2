"""The child that runs a bundle on inputs and keeps what its sessions are fed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from edge.bundle import open_bundle
from edge.engines import Session
from edge.engines.base import Array
from edge.errors import InputError
from edge.manifest import Stage, TensorSpec
from edge.runtime import load_tapped
from edge.tasks import OCR
from packager.quantise.feeds import FeedsWriter


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"feeds"}`: the file of each stage, by name."""
    taps: dict[str, RecordingSession] = {}

    def tap(stage: Stage, session: Session) -> Session:
        taps[stage.name] = RecordingSession(session)
        return taps[stage.name]

    share = -(-request["most_calls"] // len(request["inputs"]))
    with ExitStack() as stack:
        # One thread: the order of calls, and which lines are read together, must not depend on the machine.
        bundle = open_bundle(request["bundle"])
        model = stack.enter_context(load_tapped(bundle, tap, engine=request["engine"], threads=1))
        stages = {
            name: Keeper(stack.enter_context(FeedsWriter(Path(request["folder"], f"{name}.safetensors"))))
            for name in taps
        }
        # A blank page says where there is no text; of a picture that is one constant there is nothing to say.
        first = next(iter(stages)) if bundle.manifest.task != OCR else ""
        for name, given in zip(request["names"], request["inputs"], strict=True):
            outcome = next(iter(model.outcomes([given])))
            if isinstance(outcome, InputError):
                raise InputError(f"the input {name}: {outcome.message}", remedy=outcome.remedy)
            for stage, keeper in stages.items():
                calls = taps[stage].take()
                check_calls(name, calls, constant=stage == first)
                keeper.keep(calls, share, request["most_bytes"])
    return {"feeds": {name: str(keeper.writer.path) for name, keeper in stages.items() if keeper.writer.count}}


@dataclass(eq=False)
class RecordingSession:
    """Does what its session does, and remembers what it was fed."""

    session: Session
    calls: list[dict[str, Array]] = field(default_factory=list)

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """The session's."""
        return self.session.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """The session's."""
        return self.session.outputs

    @property
    def threads(self) -> int:
        """The session's."""
        return self.session.threads

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """The feeds are copied: who made them may use the memory again."""
        self.calls.append({name: np.array(array) for name, array in feeds.items()})
        return self.session.run(feeds)

    def bind(self, feeds: Mapping[str, Array]) -> Callable[[], dict[str, Array]]:
        """The session's; what is bound is no input of a user."""
        return self.session.bind(feeds)

    def close(self) -> None:
        """Close the session."""
        self.session.close()

    def take(self) -> list[dict[str, Array]]:
        """What it was fed since it was last asked, in an order that does not depend on threads."""
        taken, self.calls = sorted(self.calls, key=_order), []
        return taken


@dataclass(eq=False)
class Keeper:
    """Writes what fits into a stage's share of calls and bytes."""

    writer: FeedsWriter
    size: int = 0

    def keep(self, calls: list[dict[str, Array]], share: int, most_bytes: int) -> None:
        """At most `share` of the calls, spread over all of them."""
        count = min(share, len(calls))
        for number in range(count):
            call = calls[number * len(calls) // count]
            size = sum(array.nbytes for array in call.values())
            if self.size + size <= most_bytes:
                self.size += size
                self.writer.add(call)


def check_calls(name: str, calls: list[dict[str, Array]], *, constant: bool) -> None:
    """Raises InputError where a call of the input `name` holds NaN or infinity, or, if `constant`, nothing else."""
    for call in calls:
        real = {at: array for at, array in call.items() if array.dtype.kind == "f" and array.size > 1}
        for at, array in real.items():
            if not np.isfinite(array).all():
                raise InputError(
                    f"the input {name} gives NaN or infinity for {at!r}", remedy="take it out of the calibration set"
                )
        if constant and real and all(array.min() == array.max() for array in real.values()):
            raise InputError(
                f"the input {name} is one constant, from which no range can be taken",
                remedy="take it out of the calibration set",
            )


def _order(call: Mapping[str, Array]) -> tuple[tuple[int, ...], bytes]:
    told = hashlib.sha256()
    for name in sorted(call):
        told.update(np.ascontiguousarray(call[name]).data)
    return next(iter(call.values())).shape, told.digest()
