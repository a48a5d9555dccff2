"""From what a user gives to what the engine takes: images, texts or raw tensors, as the manifest's steps say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from edge.bundle import Bundle
from edge.errors import BundleError
from edge.manifest import Stage
from edge.preprocess.arrays import read_arrays
from edge.preprocess.images import Picture, decode
from edge.preprocess.steps import PixelPipeline
from edge.preprocess.text import TextEncoder, Tokenise, Tokens

__all__ = ["INPUTS", "Inputs", "PreparedImage", "open_inputs"]

Feeds = dict[str, NDArray[Any]]


class Inputs(Protocol):
    """One kind of input: `image`, `text` or `tensors`. Where `batches`, several go through the engine at once."""

    kind: str
    batches: bool

    def decode(self, given: Any) -> Any:
        """What the user gave, decoded; raises InputError."""
        ...

    def prepare(self, decoded: Any) -> Any:
        """One decoded input after its own pre-processing; raises InputError."""
        ...

    def feeds(self, prepared: Sequence[Any]) -> Feeds:
        """The engine's inputs for a batch."""
        ...


@dataclass(frozen=True, eq=False)
class PreparedImage:
    """What the network gets of an image, float32 (channels, height, width), and the size that the image had."""

    pixels: NDArray[np.float32]
    height: int
    width: int


class ImageInputs:
    """Images through a pixel pipeline into one float32 input (batch, channels, height, width)."""

    kind = "image"

    def __init__(self, stage: Stage, _bundle: Bundle) -> None:
        """Raises BundleError where the steps do not make what the network takes."""
        self._pipeline = PixelPipeline(stage.preprocess)
        made = self._pipeline.shape
        if len(stage.inputs) != 1 or len(stage.inputs[0].shape) != 4:
            raise BundleError(f"stage {stage.name!r} takes no single image (batch, channels, height, width)")
        spec = stage.inputs[0]
        pairs = [(one, two) for one, two in zip(made, spec.shape[1:], strict=True) if {type(one), type(two)} == {int}]
        if any(one != two for one, two in pairs):
            raise BundleError(f"the steps make {made}, but the network takes {spec.shape[1:]}")
        self._name = spec.name
        self.batches = all(isinstance(size, int) for size in made)

    def decode(self, given: Any) -> Picture:
        """Any source that `edge.preprocess.images.decode` takes."""
        return decode(given, mode=self._pipeline.mode)

    def prepare(self, decoded: Picture) -> PreparedImage:
        """The image after all steps."""
        return PreparedImage(self._pipeline(decoded), decoded.height, decoded.width)

    def feeds(self, prepared: Sequence[PreparedImage]) -> Feeds:
        """A batch; a single image is not copied."""
        pixels = [one.pixels for one in prepared]
        return {self._name: pixels[0][None] if len(pixels) == 1 else np.stack(pixels)}


class TextInputs:
    """Texts, cut into tokens and padded together."""

    kind = "text"
    batches = True

    def __init__(self, stage: Stage, bundle: Bundle) -> None:
        """Raises BundleError where the step or its tokenizer cannot be used."""
        if len(stage.preprocess) != 1:
            raise BundleError("the step tokenise goes with no other")
        options = Tokenise.from_json(dict(stage.preprocess[0].options), "tokenise")
        self._encoder = TextEncoder(options, bundle.file(options.file), stage.inputs)

    def decode(self, given: Any) -> Any:
        """A text needs no decoding."""
        return given

    def prepare(self, decoded: Any) -> Tokens:
        """Token ids."""
        return self._encoder.encode(decoded)

    def feeds(self, prepared: Sequence[Tokens]) -> Feeds:
        """A batch, padded to its longest text."""
        return self._encoder.batch(prepared)


class TensorInputs:
    """Raw tensors, each input with its own batch."""

    kind = "tensors"
    batches = False

    def __init__(self, stage: Stage, _bundle: Bundle) -> None:
        self._specs = stage.inputs

    def decode(self, given: Any) -> Feeds:
        """A path of an `.npz` or a mapping of arrays."""
        return read_arrays(given, self._specs)

    def prepare(self, decoded: Feeds) -> Feeds:
        """Nothing is changed."""
        return decoded

    def feeds(self, prepared: Sequence[Feeds]) -> Feeds:
        """The only one."""
        return prepared[0]


INPUTS: Mapping[str, Callable[[Stage, Bundle], Inputs]] = {
    "decode": ImageInputs,
    "tokenise": TextInputs,
    "": TensorInputs,
}
"""By the kind of a stage's first step; no step at all means raw tensors."""


def open_inputs(stage: Stage, bundle: Bundle) -> Inputs:
    """The inputs that a stage takes; raises BundleError for steps that are unknown or do not fit the network."""
    first = stage.preprocess[0].kind if stage.preprocess else ""
    if first not in INPUTS:
        known = ", ".join(kind for kind in INPUTS if kind)
        raise BundleError(f"pre-processing cannot begin with {first!r} (known: {known})", remedy="update edgepack")
    return INPUTS[first](stage, bundle)
