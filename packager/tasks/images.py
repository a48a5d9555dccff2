"""`preprocessor_config.json` to steps on images."""

from __future__ import annotations

from pathlib import Path

from edge.errors import BundleError
from edge.manifest import Step
from edge.preprocess.steps import PixelPipeline
from packager.errors import UnsupportedModelError
from packager.tasks.processor import DEFAULT_FACTOR, Processor
from packager.tasks.processors import BY_MODEL_TYPE, PROCESSORS
from packager.tasks.settings import Settings, read_settings
from packager.tasks.sizes import center_crop, square_or_edges

REMEDY = "add preprocessor_config.json, or build with --task tensors and pre-process yourself"


def image_steps(folder: Path) -> tuple[Step, ...]:
    """The steps that equal the folder's image processor.

    Raises UnsupportedModelError where there is none or it is not known, SourceError where its file is broken.
    """
    config = read_settings(folder / "config.json")
    settings = processor_settings(folder)
    if not settings.values:
        raise UnsupportedModelError(f"{folder.name} has no preprocessor_config.json", remedy=REMEDY)
    processor = PROCESSORS[_class_name(settings, config.text("model_type", ""))]
    steps = (_decode(config), *_geometry(settings, processor), *_values(settings, processor))
    try:
        PixelPipeline(steps)
    except BundleError as error:
        raise UnsupportedModelError(f"{settings.where}: {error.message}", remedy=REMEDY) from error
    return steps


def processor_settings(folder: Path) -> Settings:
    """What the folder's image processor says, empty where it has none; raises SourceError for a broken file."""
    # transformers takes the processor that is nested in processor_config.json first.
    nested = read_settings(folder / "processor_config.json").inner("image_processor")
    return nested if nested.values else read_settings(folder / "preprocessor_config.json")


def _class_name(settings: Settings, model_type: str) -> str:
    said = settings.text("image_processor_type", "") or settings.text("feature_extractor_type", "")
    name = said.replace("FeatureExtractor", "ImageProcessor").removesuffix("Fast").removesuffix("Pil")
    name = name or BY_MODEL_TYPE.get(model_type, "")
    if name not in PROCESSORS:
        what = f"the image processor {said!r}" if said else f"the image processor of the type {model_type!r}"
        raise UnsupportedModelError(f"{what} is not known (known: {', '.join(PROCESSORS)})", remedy=REMEDY)
    return name


def _decode(config: Settings) -> Step:
    return Step(kind="decode", options={"mode": "L" if config.whole("num_channels", 3) == 1 else "RGB"})


def _geometry(settings: Settings, processor: Processor) -> list[Step]:
    steps = processor.resize(settings, processor) if settings.flag("do_resize", default=True) else []
    if settings.flag("do_center_crop", processor.crop > 0):
        default = {"height": processor.crop, "width": processor.crop}
        size = square_or_edges(settings, "crop_size", default, square=True)
        if "height" not in size:
            raise UnsupportedModelError(
                f"{settings.where}: crop_size needs height and width", remedy="correct the file"
            )
        steps.append(center_crop(size["height"], size["width"]))
    return steps


def _values(settings: Settings, processor: Processor) -> list[Step]:
    steps = []
    if settings.flag("do_rescale", default=True):
        offset = -1.0 if settings.flag("rescale_offset", default=False) else 0.0
        factor = settings.number("rescale_factor", DEFAULT_FACTOR)
        steps.append(Step(kind="rescale", options={"factor": factor, "offset": offset}))
    flips = [Step(kind="flip_channels", options={})]
    if not processor.flip or not settings.flag("do_flip_channel_order", default=True):
        flips = []
    if processor.flips_first:
        steps += flips
    mean, std = settings.numbers("image_mean", processor.mean), settings.numbers("image_std", processor.std)
    if settings.flag("do_normalize", processor.normalise):
        steps.append(Step(kind="normalise", options={"mean": list(mean), "std": list(std)}))
    if processor.again and settings.flag("include_top", default=True):
        steps.append(Step(kind="normalise", options={"mean": [0.0], "std": list(std)}))
    if not processor.flips_first:
        steps += flips
    return [*steps, *processor.pad(settings, processor)]
