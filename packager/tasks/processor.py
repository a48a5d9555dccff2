"""What a class of transformers' image processors does: its defaults, and the ways in which such classes resize and pad.

Pillow's resampling is followed for all; "Fast" classes differ from it in torchvision's resampling only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from edge.manifest import Step
from edge.preprocess.images import FILTERS
from packager.errors import UnsupportedModelError
from packager.tasks.settings import Settings
from packager.tasks.sizes import center_crop, square_or_edges
from packager.tasks.text_detection import STRIDE
from packager.tasks.text_recognition import COLUMN

Numbers = tuple[float, ...]

CONVNEXT_WARPS_FROM = 384
DEFAULT_FACTOR = 1 / 255


def to_pad_size(settings: Settings, _processor: Processor) -> list[Step]:
    """Padding to `pad_size` where it is asked for."""
    if not settings.flag("do_pad", default=False) or settings.get("pad_size") is None:
        return []
    return [Step(kind="pad", options=dict(square_or_edges(settings, "pad_size", {}, square=True)))]


@dataclass(frozen=True, kw_only=True)
class Processor:
    """A processor's defaults; `resize` and `pad` turn its settings into steps, a `crop` of 0 means that it does not."""

    filter: str
    mean: Numbers
    std: Numbers
    size: Mapping[str, int]
    crop: int = 0
    square: bool = True
    normalise: bool = True
    crop_pct: float = 0.0
    flip: bool = False
    flips_first: bool = False
    again: bool = False
    resize: Callable[[Settings, Processor], list[Step]]
    pad: Callable[[Settings, Processor], list[Step]] = to_pad_size

    def sizes(self, settings: Settings) -> dict[str, int]:
        """The setting `size` in its new spelling."""
        return square_or_edges(settings, "size", self.size, square=settings.flag("default_to_square", self.square))

    def resampling(self, settings: Settings) -> str:
        """The setting `resample`, Pillow's number of a filter, by name."""
        names = {number: name for name, number in FILTERS.items()}
        number = settings.whole("resample", FILTERS[self.filter])
        if number not in names:
            raise UnsupportedModelError(
                f"{settings.where}: the resampling filter {number} is unknown", remedy=f"Pillow's are 0 to {max(names)}"
            )
        return names[number]


def plain(settings: Settings, processor: Processor) -> list[Step]:
    """`PilBackend.resize`."""
    return [Step(kind="resize", options={"filter": processor.resampling(settings), **processor.sizes(settings)})]


def convnext(settings: Settings, processor: Processor) -> list[Step]:
    """Below 384: the shortest edge to size / crop_pct, then crop; from 384 on the image is warped to a square."""
    edge = _shortest_edge(settings, processor)
    name = processor.resampling(settings)
    if edge >= CONVNEXT_WARPS_FROM:
        return [Step(kind="resize", options={"filter": name, "height": edge, "width": edge})]
    larger = int(edge / _crop_pct(settings, processor))
    return [Step(kind="resize", options={"filter": name, "shortest_edge": larger}), center_crop(edge, edge)]


def levit(settings: Settings, processor: Processor) -> list[Step]:
    """The shortest edge to 256/224 of what is asked for."""
    sizes = processor.sizes(settings)
    if "shortest_edge" in sizes:
        sizes = {"shortest_edge": int((256 / 224) * sizes["shortest_edge"])}
    return [Step(kind="resize", options={"filter": processor.resampling(settings), **sizes})]


def poolformer(settings: Settings, processor: Processor) -> list[Step]:
    """The size divided by crop_pct: a square is taken for its edge, another rectangle is warped to."""
    sizes, pct = processor.sizes(settings), _crop_pct(settings, processor)
    if sizes.get("height") == sizes.get("width") and "height" in sizes:
        sizes = {"shortest_edge": sizes["height"]}
    scaled = {key: int(value / pct) for key, value in sizes.items() if key != "longest_edge"}
    return [Step(kind="resize", options={"filter": processor.resampling(settings), **scaled})]


def pp_lcnet(settings: Settings, processor: Processor) -> list[Step]:
    """The shortest edge, rounded; both edges up to a multiple of `size_divisor` (from the torchvision-only source)."""
    options = {
        "filter": processor.resampling(settings),
        "shortest_edge": settings.whole("resize_short", 256),
        "rounding": "nearest",
        "multiple": settings.whole("size_divisor", 1),
    }
    return [Step(kind="resize", options=options)]


def pp_ocr_page(settings: Settings, processor: Processor) -> list[Step]:
    """A page for a detector (from the torchvision-only source)."""
    options = {
        "filter": processor.resampling(settings),
        "rule": settings.text("limit_type", "max"),
        "side": settings.whole("limit_side_len", 960),
        "longest": settings.whole("max_side_limit", 4000),
        "multiple": STRIDE,
    }
    return [Step(kind="limit_side", options=options)]


def pp_ocr_line(settings: Settings, processor: Processor) -> list[Step]:
    """A line for a recogniser (from the torchvision-only source)."""
    longest = settings.whole("max_image_width", 3200)
    options = {"filter": processor.resampling(settings), **processor.sizes(settings), "longest": longest}
    return [Step(kind="fit_line", options=options)]


def pp_ocr_line_end(settings: Settings, processor: Processor) -> list[Step]:
    """The end of a short line is filled up; every line ends with a whole column of scores."""
    if not settings.flag("do_pad", default=True):
        return []
    size = square_or_edges(settings, "pad_size", processor.size, square=True)
    return [Step(kind="pad_width", options={**size, "multiple": COLUMN})]


def warped(settings: Settings, processor: Processor) -> list[Step]:
    """The exact size; where only edges are given, the square of the shortest one.

    Detectors of the DETR kind give boxes in parts of the image, so they are right for an image of another shape, too.
    """
    sizes = processor.sizes(settings)
    edge = sizes.get("shortest_edge", 0)
    exact = {"height": sizes.get("height", edge), "width": sizes.get("width", edge)}
    if not exact["height"]:
        raise UnsupportedModelError(
            f"{settings.where}: a detector needs height and width or shortest_edge, not {sorted(sizes)}",
            remedy="correct the file, or build with --task tensors",
        )
    return [Step(kind="resize", options={"filter": processor.resampling(settings), **exact})]


def patches(settings: Settings, processor: Processor) -> list[Step]:
    """The square that has as many patches as a network of the SigLIP 2 kind takes.

    transformers keeps the shape of the image and hides the patches that are left over; it does the same with a square.
    """
    side = math.isqrt(settings.whole("max_num_patches", 256)) * settings.whole("patch_size", 16)
    return [Step(kind="resize", options={"filter": processor.resampling(settings), "height": side, "width": side})]


def unpadded(_settings: Settings, _processor: Processor) -> list[Step]:
    """Padding would only make the images of a batch equal, which they are."""
    return []


def _shortest_edge(settings: Settings, processor: Processor) -> int:
    sizes = processor.sizes(settings)
    if "shortest_edge" not in sizes:
        raise UnsupportedModelError(
            f"{settings.where}: this processor needs size.shortest_edge, not {sorted(sizes)}",
            remedy="correct the file, or build with --task tensors",
        )
    return sizes["shortest_edge"]


def _crop_pct(settings: Settings, processor: Processor) -> float:
    pct = settings.number("crop_pct", processor.crop_pct)
    if not 0 < pct <= 1:
        raise UnsupportedModelError(f"{settings.where}: crop_pct is {pct}, not between 0 and 1", remedy="correct it")
    return pct
