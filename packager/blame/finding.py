"""What blame found: the node, what became of it, and how far it is off."""

from __future__ import annotations

from dataclasses import dataclass

from edge.manifest import TensorSpec
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Finding(Record):
    """The first node whose value drifts.

    `hop` is the first representation that is over its tolerance, `stage` what made it wrong. `node` is the name of the
    value in the captured graph, `operator` its ATen operator, `merged` further ATen operators that became part of the
    same Paddle operators, `layer` the path of its module, `paddle` the types of the Paddle operators that it became.
    `inputs` are right, `output` is not: its largest absolute error, and the tolerance, are in its own unit. The error
    is None where a number is not finite or the shape is another; `where` says it in words. `nodes` could be looked at,
    in `runs` runs.
    """

    hop: str
    stage: str
    node: str
    operator: str
    merged: tuple[str, ...]
    layer: str
    paddle: tuple[str, ...]
    inputs: tuple[TensorSpec, ...]
    output: TensorSpec
    error: float | None
    tolerance: float
    where: str
    nodes: int
    runs: int
