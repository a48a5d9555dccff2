"""Logits to the best labels with their scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edge.bundle import Bundle
from edge.errors import BundleError, InputError
from edge.manifest import Stage
from edge.records import Record
from edge.results import Classification
from edge.tasks.labels import Labels, read_labels
from edge.tasks.vectors import Arrays, VectorPipeline


@dataclass(frozen=True, kw_only=True)
class TopK(Record):
    """How many labels are given."""

    k: int


class Classify:
    """Vector steps, then `labels`, then `top_k`."""

    def __init__(self, stage: Stage, bundle: Bundle, top_k: int | None) -> None:
        """`top_k` replaces the manifest's.

        Raises BundleError for steps or labels that do not fit, InputError for a `top_k` under 1.
        """
        steps = stage.postprocess
        if [step.kind for step in steps[-2:]] != ["labels", "top_k"]:
            raise BundleError("a classifier's post-processing must end with labels and top_k")
        self._vectors = VectorPipeline(steps[:-2], [spec.name for spec in stage.outputs])
        self._labels = read_labels(bundle, Labels.from_json(dict(steps[-2].options), "labels").file)
        self._k = min(top_k or TopK.from_json(dict(steps[-1].options), "top_k").k, len(self._labels))
        if self._k < 1 or (top_k is not None and top_k < 1):
            raise InputError(f"there are no top {top_k} labels", remedy="give a number from 1")

    def __call__(self, outputs: Arrays, feeds: Arrays, _prepared: object = None) -> list[Classification]:
        """One result per input of the batch; equal scores come in the order of the labels."""
        scores = self._vectors(outputs, feeds)
        if scores.shape[-1] != len(self._labels):
            raise BundleError(f"the network gives {scores.shape[-1]} scores for {len(self._labels)} labels")
        best = np.argsort(-scores, axis=-1, kind="stable")[:, : self._k]
        return [
            Classification(tuple(self._labels[index] for index in row), tuple(float(one[index]) for index in row))
            for one, row in zip(scores, best, strict=True)
        ]
