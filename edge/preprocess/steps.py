"""The step registry: which kinds of image step a manifest may name, and the pipeline that they become.

A pipeline is `decode`, then steps on pixels (`resize`, `center_crop`, `limit_side`, `fit_line`), then steps on values
(`rescale`, `normalise`, `flip_channels`), then at most one `pad` or `pad_width`. This is the order of transformers'
processors; another is refused when the bundle opens, as are unknown kinds and unknown options.
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
from edge.preprocess.sizes import Size
from edge.preprocess.text_images import FitLine, LimitSide
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

    @property
    def shape(self) -> tuple[Dimension, Dimension]:
        """Always its own size."""
        return self.height, self.width

    def target(self, size: Size) -> Size:
        """The size that an image of `size` gets; raises InputError for one that is larger."""
        if size[0] > self.height or size[1] > self.width:
            raise InputError(f"the image has {size[1]} x {size[0]} pixels, room is for {self.width} x {self.height}")
        return self.height, self.width


@dataclass(frozen=True, kw_only=True)
class PadWidth(Record):
    """Lengthen the finished image on the right with `value` to `width` at least, and to a multiple of `multiple`."""

    height: int
    width: int
    multiple: int = 1
    value: float = 0.0

    def __post_init__(self) -> None:
        if min(self.height, self.width, self.multiple) < 1 or self.height * (self.width + self.multiple) > MAX_PIXELS:
            raise BundleError(f"pad_width: {self.height} x {self.width} in steps of {self.multiple} is no size")

    @property
    def shape(self) -> tuple[Dimension, Dimension]:
        """The height is known, the width depends on the picture."""
        return self.height, UNKNOWN[1]

    def target(self, size: Size) -> Size:
        """The size that an image of `size` gets."""
        return size[0], -(-max(size[1], self.width) // self.multiple) * self.multiple


Geometry = Resize | CenterCrop | LimitSide | FitLine
STEPS: Mapping[str, type[Record]] = {
    "decode": Decode,
    "resize": Resize,
    "center_crop": CenterCrop,
    "limit_side": LimitSide,
    "fit_line": FitLine,
    "rescale": Rescale,
    "normalise": Normalise,
    "flip_channels": FlipChannels,
    "pad": Pad,
    "pad_width": PadWidth,
}
_PHASES: tuple[tuple[type[Record], ...], ...] = (
    (Decode,),
    (Resize, CenterCrop, LimitSide, FitLine),
    (Rescale, Normalise, FlipChannels),
    (Pad, PadWidth),
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
        self._geometry = [record for record in parsed if isinstance(record, Geometry)]
        self._pad = next((record for record in parsed if isinstance(record, Pad | PadWidth)), None)
        table = Table.identity(1 if self.mode == "L" else 3)
        for record in parsed:
            if isinstance(record, Rescale | Normalise | FlipChannels):
                table = record(table)
        self._table = Table(np.ascontiguousarray(table.values), table.source)

    @property
    def shape(self) -> tuple[Dimension, Dimension, Dimension]:
        """Channels, height and width of what comes out; names where they depend on the picture."""
        last = self._pad or (self._geometry[-1] if self._geometry else None)
        return (len(self._table.source), *(last.shape if last else UNKNOWN))

    def __call__(self, picture: Picture) -> NDArray[np.float32]:
        """A picture in the pipeline's mode to the model's input, float32 of shape (channels, height, width).

        Raises InputError for a picture whose shape the steps cannot take.
        """
        for step in self._geometry:
            picture = step(picture)
        pixels = picture.array()
        height, width, channels = pixels.shape
        target = (height, width) if self._pad is None else self._pad.target((height, width))
        out = np.empty((channels, height, width), np.float32)
        for channel, source in enumerate(self._table.source):
            # `clip` cannot happen (uint8 into 256 values); it saves the buffer that the default mode takes.
            np.take(self._table.values[channel], pixels[:, :, source], out=out[channel], mode="clip")
        return out if self._pad is None else _padded(out, target, self._pad.value)


def _padded(image: NDArray[np.float32], size: Size, value: float) -> NDArray[np.float32]:
    out = np.full((image.shape[0], *size), value, np.float32)
    out[:, : image.shape[1], : image.shape[2]] = image
    return out
