"""One row of the table, as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.records import LATER, Record

UNMEASURED = -1.0


@dataclass(frozen=True, kw_only=True)
class Cell(Record):
    """What became of one representation.

    `error` is the largest absolute error against torch over all samples and elements, `tolerance` its limit, both in
    the output's unit and -1 where nothing ran. `reason` is empty where it is good, `missing` holds the operators that
    were named as missing, `seconds` is what it took.
    """

    error: float = UNMEASURED
    tolerance: float = UNMEASURED
    reason: str = ""
    missing: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether it was made, and passed where it was run."""
        return not self.reason


@dataclass(frozen=True, kw_only=True)
class Row(Record):
    """A model type and its four representations.

    `lite_arm` is made and not run on this machine: `lite_x86` is its proof. `seconds` is wall time and `memory_bytes`
    the largest resident size of any process of the build. `fixed` are sizes that could not stay open, by axis.
    """

    task: str
    name: str
    paddle: Cell
    onnx: Cell
    lite_arm: Cell
    lite_x86: Cell
    seconds: float
    memory_bytes: int
    fixed: Mapping[str, int] = field(default_factory=dict, metadata=LATER)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of the table's columns."""
        return (self.paddle, self.onnx, self.lite_arm, self.lite_x86)


@dataclass(frozen=True, kw_only=True)
class Run(Record):
    """What it took to measure `types` types in one go, `jobs` at a time.

    `seconds` is wall time, `memory_bytes` the most that was resident at a time, of all processes together.
    """

    types: int
    jobs: int
    seconds: float
    memory_bytes: int


def failed(task: str, name: str, cell: Cell, *, seconds: float = 0.0, memory_bytes: int = 0) -> Row:
    """A row in which nothing was reached, for one reason."""
    return Row(
        task=task,
        name=name,
        paddle=cell,
        onnx=cell,
        lite_arm=cell,
        lite_x86=cell,
        seconds=seconds,
        memory_bytes=memory_bytes,
    )
