"""Raw outputs, for any network."""

from __future__ import annotations

from edge.bundle import Bundle
from edge.errors import BundleError
from edge.manifest import Stage
from edge.results import Tensors
from edge.tasks.vectors import Arrays


class RawTensors:
    """Everything that the network gives, unchanged."""

    def __init__(self, stage: Stage, _bundle: Bundle, _top_k: int | None) -> None:
        """Raises BundleError where the manifest asks for steps."""
        if stage.postprocess:
            raise BundleError(f"the task tensors knows no post-processing, not {stage.postprocess[0].kind!r}")

    def __call__(self, outputs: Arrays, _feeds: Arrays) -> list[Tensors]:
        """One result with all outputs."""
        return [Tensors(dict(outputs))]
