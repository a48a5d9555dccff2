"""One network, ready for the engines' converters, whatever it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edge.errors import InputError
from edge.manifest import Hop, Step, TensorSpec
from packager.emit.to_paddle import PaddleModel
from packager.order import Order
from packager.parity.reference import Sample


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network as Paddle programs with everything that proves and describes it.

    `models` holds the Paddle program for each engine; where the network is an ONNX file from the start, `onnx` is that
    file, and there may be no programs. `samples` holds what the reference computes, `hops` how far the Paddle
    programs are from it, `files` what the bundle needs beside artifacts (labels, tokenizer), by path, `fixed` the sizes
    that the build fixed, by axis. `stage` names it in the bundle, and its artifacts.
    """

    task: str
    stage: str = "model"
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    models: Mapping[str, PaddleModel]
    onnx: Path | None = None
    samples_file: Path
    samples: tuple[Sample, ...]
    hops: tuple[Hop, ...] = ()
    preprocess: tuple[Step, ...] = ()
    postprocess: tuple[Step, ...] = ()
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_classifier(self) -> bool:
        """Whether the last axis of the outputs holds scores of classes."""
        return self.task.endswith("-classification")


def take_as_tensors(what: str, order: Order) -> None:
    """Raise InputError for a task other than `tensors`: a model's file does not say what its tensors mean."""
    if order.task not in ("auto", "tensors"):
        raise InputError(f"{what} cannot be built as {order.task}", remedy="build it with --task tensors")
