"""Logits and boxes of a DETR-like network to labelled boxes: every query gives its own, nothing is suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.bundle import Bundle
from edge.errors import BundleError, InputError
from edge.manifest import Stage
from edge.preprocess import PreparedImage
from edge.records import Record
from edge.results import Box, Detections
from edge.tasks.labels import Labels, read_labels
from edge.tasks.vectors import Arrays, Sigmoid, Softmax

STEPS = ["boxes", "labels"]


@dataclass(frozen=True, kw_only=True)
class Boxes(Record):
    """Which outputs hold logits (batch, queries, classes) and boxes (batch, queries, 4).

    Boxes are centre x, centre y, width and height in parts of the image. With a `background` the last class says that
    there is nothing, and classes share a softmax; without it each has a sigmoid. Scores over `threshold` are given.
    """

    logits: str
    boxes: str
    background: bool
    threshold: float

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise BundleError(f"boxes: the threshold {self.threshold} is not between 0 and 1")


class Detect:
    """`boxes`, then `labels`."""

    def __init__(self, stage: Stage, bundle: Bundle, top_k: int | None) -> None:
        """`top_k` is the most boxes of an image, by default one for each query.

        Raises BundleError for steps or labels that do not fit, InputError for a `top_k` under 1.
        """
        if [step.kind for step in stage.postprocess] != STEPS:
            raise BundleError(f"a detector's post-processing must be {' and '.join(STEPS)}")
        boxes, labels = stage.postprocess
        self._boxes = Boxes.from_json(dict(boxes.options), boxes.kind)
        if missing := {self._boxes.logits, self._boxes.boxes} - {spec.name for spec in stage.outputs}:
            raise BundleError(f"post-processing takes the output {min(missing)!r}, which the network lacks")
        self._labels = read_labels(bundle, Labels.from_json(dict(labels.options), labels.kind).file)
        if top_k is not None and top_k < 1:
            raise InputError(f"there are no top {top_k} boxes", remedy="give a number from 1")
        self._most = top_k

    def __call__(self, outputs: Arrays, _feeds: Arrays, prepared: Sequence[PreparedImage]) -> list[Detections]:
        """One result per image, best scores first."""
        scores, boxes = self._scores(outputs[self._boxes.logits]), outputs[self._boxes.boxes]
        if scores.shape[-1] != len(self._labels) or boxes.shape != (*scores.shape[:2], 4):
            raise BundleError(
                f"the network gives scores {scores.shape} and boxes {boxes.shape} for {len(self._labels)} labels"
            )
        return [self._of_image(*one) for one in zip(scores, boxes, prepared, strict=True)]

    def _scores(self, logits: NDArray[Any]) -> NDArray[np.float32]:
        """(batch, queries, labels); with a background, a query has a score for its best label only."""
        if not self._boxes.background:
            return Sigmoid()(logits.astype(np.float32))
        scores = Softmax()(logits.astype(np.float32))[..., :-1]
        best = scores.argmax(axis=-1, keepdims=True)
        only: NDArray[np.float32] = np.where(np.arange(scores.shape[-1]) == best, scores, np.float32(-1))
        return only

    def _of_image(self, scores: NDArray[np.float32], boxes: NDArray[Any], image: PreparedImage) -> Detections:
        queries, classes = scores.shape
        order = np.argsort(-scores, axis=None, kind="stable")[: min(queries, self._most or queries)]
        kept = [int(index) for index in order if scores.flat[index] > self._boxes.threshold]
        return Detections(
            labels=tuple(self._labels[index % classes] for index in kept),
            scores=tuple(float(scores.flat[index]) for index in kept),
            boxes=tuple(_corners(boxes[index // classes], image) for index in kept),
        )


def _corners(box: NDArray[Any], image: PreparedImage) -> Box:
    """In pixels of the image that was given."""
    x, y, width, height = (float(value) for value in box)
    left, top, right, bottom = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    return left * image.width, top * image.height, right * image.width, bottom * image.height
