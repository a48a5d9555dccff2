"""How large images become for networks that look for text and read it: PP-OCR's rules, down to the rounding."""

from __future__ import annotations

import math
from dataclasses import dataclass

from edge.errors import BundleError
from edge.manifest import Dimension
from edge.preprocess.geometry import UNKNOWN, resized
from edge.preprocess.images import FILTERS, MAX_PIXELS, Picture
from edge.preprocess.sizes import Size
from edge.records import Record

RULES = ("max", "min", "resize_long")


@dataclass(frozen=True, kw_only=True)
class LimitSide(Record):
    """Scale a page by one of its sides, then bring each side to the nearest multiple of `multiple`.

    The rules (transformers' `PPOCRV5ServerDetImageProcessor`): `max` shrinks a longer side over `side` to it, `min`
    enlarges a shorter side under `side` to it, `resize_long` always gives the longer side that size. Then a side over
    `longest` is shrunk to it.
    """

    filter: str
    rule: str
    side: int
    longest: int
    multiple: int = 1

    def __post_init__(self) -> None:
        if self.filter not in FILTERS:
            raise BundleError(f"limit_side: the filter {self.filter!r} is unknown (known: {', '.join(FILTERS)})")
        if self.rule not in RULES:
            raise BundleError(f"limit_side: the rule {self.rule!r} is unknown (known: {', '.join(RULES)})")
        if not 1 <= self.multiple <= min(self.side, self.longest) or max(self.side, self.longest) > MAX_PIXELS:
            raise BundleError(
                f"limit_side: a side of {self.side}, at most {self.longest}, in steps of {self.multiple}, is no size"
            )

    def target(self, size: Size) -> Size:
        """The size that a picture of `size` gets."""
        high, low = max(size), min(size)
        scales = self.rule == "resize_long" or (high > self.side if self.rule == "max" else low < self.side)
        ratio = self.side / (low if self.rule == "min" else high) if scales else 1.0
        height, width = (int(edge * ratio) for edge in size)
        if max(height, width) > self.longest:
            ratio = self.longest / max(height, width)
            height, width = int(height * ratio), int(width * ratio)
        height, width = (max(round(edge / self.multiple), 1) * self.multiple for edge in (height, width))
        return height, width

    @property
    def shape(self) -> tuple[Dimension, Dimension]:
        """It depends on the picture."""
        return UNKNOWN

    def __call__(self, picture: Picture) -> Picture:
        """Raises InputError for a picture that would become too large."""
        return resized(picture, self.target((picture.height, picture.width)), self.filter)


@dataclass(frozen=True, kw_only=True)
class FitLine(Record):
    """Scale the picture of one line to `height`, its width in proportion but at most `longest`.

    The width is rounded up to `width`, which narrower pictures are padded to later, and down beyond it (transformers'
    `PPOCRV5ServerRecImageProcessor`).
    """

    filter: str
    height: int
    width: int
    longest: int

    def __post_init__(self) -> None:
        if self.filter not in FILTERS:
            raise BundleError(f"fit_line: the filter {self.filter!r} is unknown (known: {', '.join(FILTERS)})")
        if min(self.height, self.width) < 1 or self.width > self.longest or self.height * self.longest > MAX_PIXELS:
            raise BundleError(f"fit_line: {self.height} x {self.width}, at most {self.longest} wide, is no size")

    def target(self, size: Size) -> Size:
        """The size that a picture of `size` gets."""
        shape = size[1] / size[0]
        width = int(self.height * max(shape, self.width / self.height))
        if width > self.longest:
            return self.height, self.longest
        return self.height, min(width, math.ceil(self.height * shape))

    @property
    def shape(self) -> tuple[Dimension, Dimension]:
        """The height is known, the width depends on the picture."""
        return self.height, UNKNOWN[1]

    def __call__(self, picture: Picture) -> Picture:
        """Raises InputError for a picture that would become too large."""
        return resized(picture, self.target((picture.height, picture.width)), self.filter)
