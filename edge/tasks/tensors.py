"""Raw outputs, for any network."""

from __future__ import annotations

from edge.bundle import Bundle
from edge.errors import BundleError
from edge.manifest import Stage
from edge.results import Tensors
from edge.tasks.vectors import Arrays


class RawTensors:
    """Everything that the network gives, unchanged."""

    def __init__(self, stage: Stage, bundle: Bundle, _top_k: int | None) -> None:
        """Raises BundleError where the manifest asks for steps."""
        if stage.postprocess:
            raise BundleError(
                f"the task {bundle.manifest.task} knows no post-processing, not {stage.postprocess[0].kind!r}"
            )

    def __call__(self, outputs: Arrays, _feeds: Arrays, _prepared: object = None) -> list[Tensors]:
        """One result with all outputs."""
        return [Tensors(dict(outputs))]


class OwnTensors(RawTensors):
    """What the network gives for each input of the batch."""

    def __call__(self, outputs: Arrays, _feeds: Arrays, _prepared: object = None) -> list[Tensors]:
        """One result per input, its arrays with a batch of one."""
        batch = min(len(array) for array in outputs.values())
        return [Tensors({name: array[at : at + 1] for name, array in outputs.items()}) for at in range(batch)]
