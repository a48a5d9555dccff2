"""Steps on whole pixels: 8-bit pictures in, 8-bit pictures out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from edge.errors import BundleError, InputError
from edge.manifest import Dimension
from edge.preprocess import sizes
from edge.preprocess.images import FILTERS, MAX_PIXELS, Picture, default_max_pixels
from edge.preprocess.sizes import Size
from edge.records import Record

UNKNOWN: tuple[Dimension, Dimension] = ("height", "width")
"""The size of pictures before any step, and after one whose result depends on the picture."""


@dataclass(frozen=True, kw_only=True)
class Resize(Record):
    """Resize to a size that follows from one of three rules.

    The rules: exact `height` and `width`; `shortest_edge`, with `longest_edge` as a bound where it is given;
    `max_height` and `max_width`. `rounding` is `floor` or `nearest` (shortest edge only); both edges are then raised to
    a multiple of `multiple`. `filter` names Pillow's resampling filter, always antialiased.
    """

    filter: str
    height: int = 0
    width: int = 0
    shortest_edge: int = 0
    longest_edge: int = 0
    max_height: int = 0
    max_width: int = 0
    rounding: str = "floor"
    multiple: int = 1

    def __post_init__(self) -> None:
        if self.filter not in FILTERS:
            raise BundleError(f"resize: the filter {self.filter!r} is unknown (known: {', '.join(FILTERS)})")
        exact, edge, box = self.height or self.width, self.shortest_edge, self.max_height or self.max_width
        numbers = (self.height, self.width, edge, self.longest_edge, self.max_height, self.max_width, self.multiple)
        whole = bool(self.height) == bool(self.width) and bool(self.max_height) == bool(self.max_width)
        bounded = all(0 <= number <= MAX_PIXELS for number in numbers) and self.multiple > 0
        if [bool(exact), bool(edge), bool(box)].count(True) != 1 or not whole or not bounded:
            raise BundleError("resize: exactly one of height+width, shortest_edge, max_height+max_width is needed")
        if self.rounding not in {"floor", "nearest"}:
            raise BundleError(f"resize: the rounding {self.rounding!r} is unknown (known: floor, nearest)")
        if self.height * self.width > MAX_PIXELS:
            raise BundleError(f"resize: {self.height} x {self.width} is over {MAX_PIXELS:,} pixels")

    def target(self, size: Size) -> Size:
        """The size that a picture of `size` gets."""
        if self.height:
            found = (self.height, self.width)
        elif self.longest_edge:
            found = sizes.between_edges(size, self.shortest_edge, self.longest_edge)
        elif self.shortest_edge:
            found = sizes.shortest_edge(size, self.shortest_edge, nearest=self.rounding == "nearest")
        else:
            found = sizes.inside(size, self.max_height, self.max_width)
        height, width = (math.ceil(edge / self.multiple) * self.multiple for edge in found)
        return height, width

    @property
    def shape(self) -> tuple[Dimension, Dimension]:
        """The size after this step where it is known in advance."""
        return self.target((1, 1)) if self.height else UNKNOWN

    def __call__(self, picture: Picture) -> Picture:
        """Raises InputError for a picture so narrow that nothing of it, or far too much, would be left."""
        return resized(picture, self.target((picture.height, picture.width)), self.filter)


def resized(picture: Picture, size: Size, filter_name: str) -> Picture:
    """The picture at this size; raises InputError for one of which nothing, or far too much, would be left."""
    height, width = size
    if min(height, width) < 1 or height * width > default_max_pixels():
        raise InputError(
            f"the image of {picture.width} x {picture.height} pixels would become {width} x {height}",
            remedy="crop it to a less extreme shape",
        )
    return picture.resized(height, width, filter_name)


@dataclass(frozen=True, kw_only=True)
class CenterCrop(Record):
    """Cut `height` x `width` from the middle; where the picture is smaller, zeros are added around it.

    The middle is transformers' (`center_crop`): an odd pixel goes to the bottom and right when cutting.
    """

    height: int
    width: int

    def __post_init__(self) -> None:
        if min(self.height, self.width) < 1 or self.height * self.width > MAX_PIXELS:
            raise BundleError(f"center_crop: {self.height} x {self.width} is no size")

    @property
    def shape(self) -> tuple[Dimension, Dimension]:
        """Always the crop's own size."""
        return self.height, self.width

    def __call__(self, picture: Picture) -> Picture:
        """A picture of the crop's size."""
        top, left = (picture.height - self.height) // 2, (picture.width - self.width) // 2
        if (top, left) == (0, 0) and (picture.height, picture.width) == (self.height, self.width):
            return picture
        return picture.window(top, left, self.height, self.width)
