"""What a device must have to run the artifacts of a bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edge.engines import PLACES
from edge.manifest import Requires, Stage
from packager.emit.onnx_limits import DATA_SUFFIX

# An engine holds an artifact about twice (the mapped file and its own packed weights) beside the interpreter.
COPIES = 2
INTERPRETER_BYTES = 96 << 20


def requires(stages: Sequence[Stage], sizes: Mapping[str, int]) -> Requires:
    """Machines and memory; `sizes` are the bytes of every artifact's files, by their path in the bundle.

    No C library is named: artifacts are data, and the engines' packages have demands of their own.
    """
    artifacts = [one for stage in stages for one in stage.artifacts]
    machines = {machine for one in artifacts for place, machine in PLACES.items() if one.place in ("", place)}
    # Weights of over 2 GB lie in a file beside the model; an engine loads both. Every stage is loaded, by one engine.
    largest = sum(
        max(sizes[one.file] + sizes.get(f"{one.file}{DATA_SUFFIX}", 0) for one in stage.artifacts) for stage in stages
    )
    return Requires(machines=tuple(sorted(machines)), memory_bytes=COPIES * largest + INTERPRETER_BYTES)
