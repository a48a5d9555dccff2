"""Hidden states to one vector per input."""

from __future__ import annotations

from edge.bundle import Bundle
from edge.manifest import Stage
from edge.results import Embedding
from edge.tasks.vectors import Arrays, VectorPipeline


class Embed:
    """Vector steps only."""

    def __init__(self, stage: Stage, _bundle: Bundle, _top_k: int | None) -> None:
        """Raises BundleError for steps that do not fit."""
        self._vectors = VectorPipeline(stage.postprocess, [spec.name for spec in stage.outputs])

    def __call__(self, outputs: Arrays, feeds: Arrays, _prepared: object = None) -> list[Embedding]:
        """One vector per input of the batch."""
        return [Embedding(vector) for vector in self._vectors(outputs, feeds)]
