"""A task as the host sees it: which classes of transformers do it, and which of their outputs are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packager.tasks.plan import Axis

Fields = Mapping[str, str]
"""Public name of an output to the field of the model's output that holds it; empty for all under their own names."""


@dataclass(frozen=True)
class HostTask:
    """One task.

    `name` is the id in options and manifests. `mapping` names transformers' table from model type to class,
    `endings` the ends of class names that do the task, `others` longer ends that do not. `outputs` gives for each
    modality that the task takes the alternatives, best first. `labels` says whether class names belong to the result.
    `sizes` are the image axes, `height` or `width`, that differ from image to image; `strokes` says that samples must
    show lines of text. `parts` are the stages of a network that is run in turns, in that order, with the modality of
    each; a network of one stage has none.
    """

    name: str
    mapping: str
    endings: tuple[str, ...]
    outputs: Mapping[str, tuple[Fields, ...]]
    labels: bool = False
    others: tuple[str, ...] = ()
    sizes: tuple[Axis, ...] = ()
    strokes: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
