"""What a network is fed with: its inputs with the range of every symbolic size, and facts for making samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from edge.errors import InputError
from edge.manifest import TensorSpec
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Axis(Record):
    """A size that may differ from call to call: its public name and its range, both ends included.

    Every size is a multiple of `multiple`, and so are both ends.
    """

    name: str
    minimum: int
    maximum: int
    multiple: int = 1

    def holds(self, size: int) -> bool:
        """Whether the axis may have this size."""
        return self.minimum <= size <= self.maximum and size % self.multiple == 0

    @property
    def range(self) -> str:
        """`4 to 512`, `32 to 960 in steps of 32`."""
        steps = f" in steps of {self.multiple}" if self.multiple > 1 else ""
        return f"{self.minimum} to {self.maximum}{steps}"


@dataclass(frozen=True, kw_only=True)
class InputPlan(Record):
    """One input: its name, numpy dtype name, and for each axis a number or a range."""

    name: str
    dtype: str
    axes: tuple[int | Axis, ...]

    @property
    def spec(self) -> TensorSpec:
        """The input as the manifest describes it."""
        shape = tuple(axis if isinstance(axis, int) else axis.name for axis in self.axes)
        return TensorSpec(name=self.name, dtype=self.dtype, shape=shape)


@dataclass(frozen=True, kw_only=True)
class ModelFacts(Record):
    """What other stages need to know of a model beside its graph.

    `problem_type` is transformers' (`single_label_classification`, `multi_label_classification`, `regression`, or empty
    where nothing is said), `stored_dtype` the dtype of the weights in the checkpoint, always computed in float32.
    `sequence_limit` is the longest text in tokens, 0 for images; `image` is (channels, height, width), a range where a
    size is open, and empty for text; `memory` is (positions, width) of what a decoder gets from its encoder; `strokes`
    says that samples must show lines of text. `feeds` are the inputs that the tokenizer makes, `special_ids` its
    special tokens' ids; `pad_id` pads; `end_id` must end every text, once, because the network answers from there, and
    is -1 where it does not.
    """

    problem_type: str = ""
    stored_dtype: str = "float32"
    sequence_limit: int = 0
    memory: tuple[int, ...] = ()
    image: tuple[int | Axis, ...] = ()
    strokes: bool = False
    vocabulary: int = 0
    pad_id: int = 0
    end_id: int = -1
    special_ids: tuple[int, ...] = ()
    feeds: tuple[str, ...] = ()


def open_axes(plan: Sequence[InputPlan]) -> dict[str, Axis]:
    """The sizes that may differ from call to call, by name."""
    return {axis.name: axis for one in plan for axis in one.axes if isinstance(axis, Axis)}


def with_sizes(plan: Sequence[InputPlan], sizes: Mapping[str, int]) -> tuple[InputPlan, ...]:
    """The plan with these axes fixed; raises InputError for an axis that is not open, or a size out of its range."""
    axes = open_axes(plan)
    for name, size in sizes.items():
        if name not in axes:
            raise InputError(
                f"the network has no open axis {name!r} that a shape could fix",
                remedy=f"open axes: {', '.join(axes) or 'none'}",
            )
        if not axes[name].holds(size):
            raise InputError(
                f"the axis {name!r} cannot be {size}",
                remedy=f"give {axes[name].range}",
            )
    return tuple(
        replace(one, axes=tuple(sizes.get(axis.name, axis) if isinstance(axis, Axis) else axis for axis in one.axes))
        for one in plan
    )


def fixed_sizes(plan: Sequence[InputPlan], fixed: Sequence[InputPlan]) -> dict[str, int]:
    """The sizes by which two plans of the same inputs differ, by the name of their axis."""
    pairs = [(one, other) for a, b in zip(plan, fixed, strict=True) for one, other in zip(a.axes, b.axes, strict=True)]
    return {one.name: other for one, other in pairs if isinstance(one, Axis) and isinstance(other, int)}
