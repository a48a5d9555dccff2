"""What a network is fed with: its inputs with the range of every symbolic size, and facts for making samples."""

from __future__ import annotations

from dataclasses import dataclass

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
    size is open, and empty for text; `strokes` says that samples must show lines of text. `feeds` are the inputs that
    the tokenizer makes, `special_ids` its special tokens' ids; `pad_id` pads.
    """

    problem_type: str = ""
    stored_dtype: str = "float32"
    sequence_limit: int = 0
    image: tuple[int | Axis, ...] = ()
    strokes: bool = False
    vocabulary: int = 0
    pad_id: int = 0
    special_ids: tuple[int, ...] = ()
    feeds: tuple[str, ...] = ()
