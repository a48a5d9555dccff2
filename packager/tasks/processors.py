"""transformers' image processors: the defaults of each class, and how it resizes.

Values are those of transformers 5.23, class attributes of `image_processing_pil_*.py`. A processor that exists only
with torchvision is named as such; its values were read from its source once. "Fast" classes differ from these in the
resampling of torchvision only: Pillow's is followed for all.
"""

from __future__ import annotations

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
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
HALF = (0.5, 0.5, 0.5)
CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)

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


DETR = Processor(
    filter="bilinear",
    mean=IMAGENET_MEAN,
    std=IMAGENET_STD,
    size={"shortest_edge": 800, "longest_edge": 1333},
    square=False,
    resize=warped,
    pad=unpadded,
)
# torchvision only (image_processing_pp_doclayout_v2.py, _v3.py), where they do not antialias.
DOCUMENT_LAYOUT = Processor(
    filter="bicubic",
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    size={"height": 800, "width": 800},
    resize=warped,
    pad=unpadded,
)

PROCESSORS: Mapping[str, Processor] = {
    "BeitImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 224, "width": 224}, resize=plain
    ),
    "BitImageProcessor": Processor(
        filter="bicubic",
        mean=CLIP_MEAN,
        std=CLIP_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        resize=plain,
    ),
    "CLIPImageProcessor": Processor(
        filter="bicubic",
        mean=CLIP_MEAN,
        std=CLIP_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        resize=plain,
    ),
    "ConvNextImageProcessor": Processor(
        filter="bicubic",
        mean=HALF,
        std=HALF,
        size={"shortest_edge": 384},
        square=False,
        crop_pct=224 / 256,
        resize=convnext,
    ),
    "DeiTImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 256, "width": 256}, crop=224, resize=plain
    ),
    "DetrImageProcessor": DETR,
    "EfficientNetImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 346, "width": 346}, again=True, resize=plain
    ),
    "LevitImageProcessor": Processor(
        filter="bicubic",
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        resize=levit,
    ),
    "MobileNetV1ImageProcessor": Processor(
        filter="bilinear", mean=HALF, std=HALF, size={"shortest_edge": 256}, square=False, crop=224, resize=plain
    ),
    "MobileNetV2ImageProcessor": Processor(
        filter="bilinear", mean=HALF, std=HALF, size={"shortest_edge": 256}, square=False, crop=224, resize=plain
    ),
    "MobileViTImageProcessor": Processor(
        filter="bicubic",
        mean=HALF,
        std=HALF,
        size={"shortest_edge": 224},
        square=False,
        crop=256,
        normalise=False,
        flip=True,
        resize=plain,
    ),
    # torchvision only (image_processing_pp_lcnet.py); its channels are turned to BGR last.
    "PPLCNetImageProcessor": Processor(
        filter="bilinear",
        mean=(0.406, 0.456, 0.485),
        std=(0.225, 0.224, 0.229),
        size={"height": 256, "width": 256},
        crop=224,
        flip=True,
        resize=pp_lcnet,
    ),
    # torchvision only (image_processing_pp_ocrv5_server_det.py); its channels are turned to BGR last.
    "PPOCRV5ServerDetImageProcessor": Processor(
        filter="bilinear",
        mean=(0.406, 0.456, 0.485),
        std=(0.225, 0.224, 0.229),
        size={"height": 960, "width": 960},
        flip=True,
        resize=pp_ocr_page,
    ),
    # torchvision only (image_processing_pp_ocrv5_server_rec.py).
    "PPOCRV5ServerRecImageProcessor": Processor(
        filter="bilinear",
        mean=HALF,
        std=HALF,
        size={"height": 48, "width": 320},
        resize=pp_ocr_line,
        pad=pp_ocr_line_end,
    ),
    # torchvision only (image_processing_pp_ocrv6_small_rec.py), where it does not antialias; its channels are turned to
    # BGR first.
    "PPOCRV6SmallRecImageProcessor": Processor(
        filter="bilinear",
        mean=HALF,
        std=HALF,
        size={"height": 48, "width": 320},
        flip=True,
        flips_first=True,
        resize=pp_ocr_line,
        pad=pp_ocr_line_end,
    ),
    "PoolFormerImageProcessor": Processor(
        filter="bicubic",
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        crop_pct=0.9,
        resize=poolformer,
    ),
    "PPDocLayoutV2ImageProcessor": DOCUMENT_LAYOUT,
    "PPDocLayoutV3ImageProcessor": DOCUMENT_LAYOUT,
    "PvtImageProcessor": Processor(
        filter="bicubic", mean=IMAGENET_MEAN, std=IMAGENET_STD, size={"height": 224, "width": 224}, resize=plain
    ),
    "RTDetrImageProcessor": Processor(
        filter="bilinear",
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        size={"height": 640, "width": 640},
        normalise=False,
        resize=warped,
        pad=unpadded,
    ),
    "SiglipImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 224, "width": 224}, square=False, resize=plain
    ),
    "ViTImageProcessor": Processor(
        filter="bilinear", mean=HALF, std=HALF, size={"height": 224, "width": 224}, resize=plain
    ),
    "YolosImageProcessor": DETR,
}

# Where the file names no class, the model's type does (transformers' IMAGE_PROCESSOR_MAPPING_NAMES).
BY_MODEL_TYPE: Mapping[str, str] = {
    **dict.fromkeys(("beit", "data2vec-vision"), "BeitImageProcessor"),
    **dict.fromkeys(("bit", "dinov2", "focalnet", "hiera"), "BitImageProcessor"),
    **dict.fromkeys(("clip", "clip_vision_model"), "CLIPImageProcessor"),
    **dict.fromkeys(("convnext", "convnextv2", "cvt", "regnet", "resnet"), "ConvNextImageProcessor"),
    "deit": "DeiTImageProcessor",
    **dict.fromkeys(("detr", "table-transformer"), "DetrImageProcessor"),
    "efficientnet": "EfficientNetImageProcessor",
    "levit": "LevitImageProcessor",
    "mobilenet_v1": "MobileNetV1ImageProcessor",
    "mobilenet_v2": "MobileNetV2ImageProcessor",
    **dict.fromkeys(("mobilevit", "mobilevitv2"), "MobileViTImageProcessor"),
    "poolformer": "PoolFormerImageProcessor",
    "pp_lcnet": "PPLCNetImageProcessor",
    **dict.fromkeys(
        ("pp_ocrv5_mobile_det", "pp_ocrv5_server_det", "pp_ocrv6_medium_det", "pp_ocrv6_small_det"),
        "PPOCRV5ServerDetImageProcessor",
    ),
    **dict.fromkeys(("pp_ocrv5_mobile_rec", "pp_ocrv5_server_rec"), "PPOCRV5ServerRecImageProcessor"),
    **dict.fromkeys(("pp_ocrv6_small_rec", "pp_ocrv6_tiny_rec"), "PPOCRV6SmallRecImageProcessor"),
    "pp_doclayout_v2": "PPDocLayoutV2ImageProcessor",
    "pp_doclayout_v3": "PPDocLayoutV3ImageProcessor",
    **dict.fromkeys(("pvt", "pvt_v2"), "PvtImageProcessor"),
    **dict.fromkeys(("rt_detr", "rt_detr_v2"), "RTDetrImageProcessor"),
    **dict.fromkeys(("siglip", "siglip_vision_model"), "SiglipImageProcessor"),
    **dict.fromkeys(
        ("dinat", "ijepa", "swiftformer", "swin", "swinv2", "vit", "vit_mae", "vit_msn"), "ViTImageProcessor"
    ),
    "yolos": "YolosImageProcessor",
}
