"""From the engine's outputs to results: one class per way of reading them, one registry by task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from edge.bundle import Bundle
from edge.errors import BundleError
from edge.manifest import Stage
from edge.results import Result
from edge.tasks.classify import Classify
from edge.tasks.detect import Detect
from edge.tasks.embed import Embed
from edge.tasks.label_tokens import LabelTokens
from edge.tasks.read import Read
from edge.tasks.tensors import OwnTensors, RawTensors

__all__ = ["OCR", "STAGES", "TASKS", "Read", "Task", "open_task"]


class Task(Protocol):
    """Reads a batch of outputs."""

    def __call__(
        self, outputs: Mapping[str, NDArray[Any]], feeds: Mapping[str, NDArray[Any]], prepared: Sequence[Any], /
    ) -> Sequence[Result]:
        """One result per input; `feeds` are what the engine was given, `prepared` each input after `Inputs.prepare`."""
        ...


TASKS: Mapping[str, Callable[[Stage, Bundle, int | None], Task]] = {
    "image-classification": Classify,
    "text-classification": Classify,
    "token-classification": LabelTokens,
    "feature-extraction": Embed,
    "object-detection": Detect,
    "image-to-text": Read,
    "text-detection": OwnTensors,
    "text-recognition": OwnTensors,
    "tensors": RawTensors,
}


OCR = "ocr"
"""The task with a reader of its own (`edge/tasks/ocr`): its stages are run on parts of what the user gives."""

STAGES: Mapping[str, int] = {"image-to-text": 2}
"""How many stages a task runs, where it is not one."""


def open_task(bundle: Bundle, stage: Stage, *, top_k: int | None = None) -> Task:
    """The bundle's task, ready to read outputs; raises BundleError for a task or steps that are not known."""
    name = bundle.manifest.task
    if name not in TASKS:
        raise BundleError(f"the task {name!r} is unknown (known: {', '.join(TASKS)})", remedy="update edgepack")
    return TASKS[name](stage, bundle, top_k)
