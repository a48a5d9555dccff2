"""The step registry: which kinds of image step a manifest may name, and the pipeline that they become.

A pipeline is `decode`, then steps on pixels (`resize`, `center_crop`), then steps on values (`rescale`, `normalise`,
`flip_channels`), then at most one `pad`. This is the order of transformers' processors; another is refused when the
bundle opens, as are unknown kinds and unknown options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.errors import BundleError, InputError
from edge.manifest import Dimension, Step
from edge.preprocess.geometry import UNKNOWN, CenterCrop, Resize
from edge.preprocess.images import MAX_PIXELS, Mode, Picture
from edge.preprocess.pointwise import FlipChannels, Normalise, Rescale, Table
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Decode(Record):
    """Always first: the channels that the model wants, `RGB` or `L` (grey)."""

    mode: str = "RGB"

    def __post_init__(self) -> None:
        if self.mode not in {"RGB", "L"}:
            raise BundleError(f"decode: the mode {self.mode!r} is unknown (known: RGB, L)")


@dataclass(frozen=True, kw_only=True)
class Pad(Record):
    """Put the finished image into the top left of `height` x `width`; the rest is `value`, after normalising."""

    height: int
    width: int
    value: float = 0.0

    def __post_init__(self) -> None:
        if min(self.height, self.width) < 1 or self.height * self.width > MAX_PIXELS:
            raise BundleError(f"pad: {self.height} x {self.width} is no size")


STEPS: Mapping[str, type[Record]] = {
    "decode": Decode,
    "resize": Resize,
    "center_crop": CenterCrop,
    "rescale": Rescale,
    "normalise": Normalise,
    "flip_channels": FlipChannels,
    "pad": Pad,
}
_PHASES: tuple[tuple[type[Record], ...], ...] = (
    (Decode,),
    (Resize, CenterCrop),
    (Rescale, Normalise, FlipChannels),
    (Pad,),
)


def parse_step(step: Step) -> Record:
    """The step as its record; raises BundleError for an unknown kind or option, or a wrong value."""
    kind = STEPS.get(step.kind)
    if kind is None:
        raise BundleError(
            f"the pre-processing step {step.kind!r} is unknown (known: {', '.join(STEPS)})", remedy="update edgepack"
        )
    parsed = kind.from_json(dict(step.options), step.kind)
    if parsed.extra:
        raise BundleError(f"{step.kind}: the option {min(parsed.extra)!r} is unknown", remedy="update edgepack")
    return parsed


class PixelPipeline:
    """The image steps of a stage, checked and compiled."""

    def __init__(self, steps: Sequence[Step]) -> None:
        parsed = [parse_step(step) for step in steps]
        phases = [next(n for n, kinds in enumerate(_PHASES) if isinstance(record, kinds)) for record in parsed]
        if not parsed or phases[0] != 0 or phases.count(0) != 1 or phases != sorted(phases) or phases.count(3) > 1:
            raise BundleError(f"the pre-processing steps {[step.kind for step in steps]} are in no order that works")
        first = parsed[0]
        self.mode: Mode = "L" if isinstance(first, Decode) and first.mode == "L" else "RGB"
        self._geometry = [record for record in parsed if isinstance(record, Resize | CenterCrop)]
        self._pad = next((record for record in parsed if isinstance(record, Pad)), None)
        table = Table.identity(1 if self.mode == "L" else 3)
        for record in parsed:
            if isinstance(record, Rescale | Normalise | FlipChannels):
                table = record(table)
        self._table = Table(np.ascontiguousarray(table.values), table.source)

    @property
    def shape(self) -> tuple[Dimension, Dimension, Dimension]:
        """Channels, height and width of what comes out; names where they depend on the picture."""
        size = self._geometry[-1].shape if self._geometry else UNKNOWN
        if self._pad is not None:
            size = self._pad.height, self._pad.width
        return (len(self._table.source), *size)

    def __call__(self, picture: Picture) -> NDArray[np.float32]:
        """A picture in the pipeline's mode to the model's input, float32 of shape (channels, height, width).

        Raises InputError for a picture whose shape the steps cannot take.
        """
        for step in self._geometry:
            picture = step(picture)
        pixels = picture.array()
        height, width, channels = pixels.shape
        target = (height, width) if self._pad is None else (self._pad.height, self._pad.width)
        if self._pad is not None and (height > target[0] or width > target[1]):
            raise InputError(f"the image has {width} x {height} pixels, room is for {target[1]} x {target[0]}")
        out = np.empty((channels, height, width), np.float32)
        for channel, source in enumerate(self._table.source):
            # `clip` cannot happen (uint8 into 256 values); it saves the buffer that the default mode takes.
            np.take(self._table.values[channel], pixels[:, :, source], out=out[channel], mode="clip")
        return out if self._pad is None else _padded(out, self._pad)


def _padded(image: NDArray[np.float32], pad: Pad) -> NDArray[np.float32]:
    out = np.full((image.shape[0], pad.height, pad.width), pad.value, np.float32)
    out[:, : image.shape[1], : image.shape[2]] = image
    return out


def image_shape(steps: Sequence[Step]) -> tuple[int, int, int] | None:
    """Channels, height and width that the steps produce, or None where it depends on the picture.

    Raises BundleError for steps that no pipeline can be made of.
    """
    channels, height, width = PixelPipeline(steps).shape
    if isinstance(channels, int) and isinstance(height, int) and isinstance(width, int):
        return channels, height, width
    return None
