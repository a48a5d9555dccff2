"""Steps against transformers' own PIL processors: this file imports transformers once for all its cases."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from edge.errors import InputError
from edge.manifest import Step
from edge.preprocess.images import decode
from edge.preprocess.steps import PixelPipeline
from packager.errors import SourceError, UnsupportedModelError
from packager.tasks.images import image_steps

# Class, its module in transformers, settings that differ from the defaults.
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("ViTImageProcessor", "vit", {}),
    ("ViTImageProcessor", "vit", {"size": 96, "resample": 3, "image_mean": [0.485, 0.456, 0.406]}),
    ("ViTImageProcessor", "vit", {"size": [64, 96], "resample": 0, "do_normalize": False}),
    (
        "ViTImageProcessor",
        "vit",
        {"do_rescale": False, "image_mean": [123.0, 117.0, 104.0], "image_std": [58.0, 57.0, 57.0]},
    ),
    ("ViTImageProcessor", "vit", {"size": {"max_height": 80, "max_width": 120}, "resample": 1}),
    ("ViTImageProcessor", "vit", {"size": {"shortest_edge": 60, "longest_edge": 100}, "resample": 4}),
    ("ViTImageProcessor", "vit", {"resample": 5, "rescale_factor": 0.01}),
    ("DeiTImageProcessor", "deit", {}),
    ("DeiTImageProcessor", "deit", {"size": 128, "crop_size": 113}),
    ("ConvNextImageProcessor", "convnext", {}),
    ("ConvNextImageProcessor", "convnext", {"size": 224, "crop_pct": 0.875, "resample": 2}),
    ("ConvNextImageProcessor", "convnext", {"size": {"shortest_edge": 90}, "crop_pct": 0.95}),
    ("EfficientNetImageProcessor", "efficientnet", {}),
    ("EfficientNetImageProcessor", "efficientnet", {"rescale_offset": True, "include_top": False, "resample": 0}),
    (
        "EfficientNetImageProcessor",
        "efficientnet",
        {
            "do_center_crop": True,
            "crop_size": {"height": 289, "width": 289},
            "rescale_factor": 1 / 127.5,
            "rescale_offset": True,
        },
    ),
    ("MobileNetV1ImageProcessor", "mobilenet_v1", {}),
    ("MobileNetV2ImageProcessor", "mobilenet_v2", {"size": {"shortest_edge": 110}, "crop_size": 97}),
    ("BitImageProcessor", "bit", {}),
    ("BitImageProcessor", "bit", {"size": {"shortest_edge": 64}, "crop_size": {"height": 90, "width": 51}}),
    ("LevitImageProcessor", "levit", {}),
    ("LevitImageProcessor", "levit", {"size": {"height": 64, "width": 70}, "crop_size": 60}),
    ("CLIPImageProcessor", "clip", {}),
    ("BeitImageProcessor", "beit", {"do_center_crop": True, "crop_size": 200}),
    ("MobileViTImageProcessor", "mobilevit", {}),
    ("PoolFormerImageProcessor", "poolformer", {"crop_pct": 0.95}),
    ("PoolFormerImageProcessor", "poolformer", {"size": {"height": 100, "width": 120}, "do_center_crop": False}),
    ("PvtImageProcessor", "pvt", {}),
    ("SiglipImageProcessor", "siglip", {}),
]
NAMES = [f"{name}-{number}" for number, (name, _, _) in enumerate(CASES)]

# Height and width: one photograph's, tall, wide, tiny, one that a crop is larger than.
SIZES = [(120, 180), (181, 120), (1, 40), (40, 1), (3, 5), (97, 97), (224, 224)]


def pictures() -> list[NDArray[np.uint8]]:
    chance = np.random.default_rng(7)
    smooth = [chance.integers(0, 256, (4, 4, 3), dtype=np.uint8) for _ in SIZES]
    resized = [
        np.asarray(Image.fromarray(one).resize((width, height), Image.Resampling.BICUBIC))
        for one, (height, width) in zip(smooth, SIZES, strict=True)
    ]
    noise = chance.integers(0, 256, (77, 200, 3), dtype=np.uint8)
    grey = np.repeat(chance.integers(0, 256, (50, 61, 1), dtype=np.uint8), 3, axis=2)
    return [*resized, noise, grey]


def reference(name: str, module: str, settings: dict[str, Any]) -> Any:
    models = importlib.import_module(f"transformers.models.{module}.image_processing_pil_{module}")
    return getattr(models, f"{name}Pil")(**settings)


def folder_with(tmp_path: Path, processor: dict[str, Any], **config: Any) -> Path:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "vit", **config}))
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(processor))
    return tmp_path


@pytest.mark.parametrize(("name", "module", "settings"), CASES, ids=NAMES)
def test_pixels_equal_transformers(tmp_path: Path, name: str, module: str, settings: dict[str, Any]) -> None:
    processor = reference(name, module, settings)
    pipeline = PixelPipeline(image_steps(folder_with(tmp_path, {"image_processor_type": name, **settings})))
    compared = 0
    for pixels in pictures():
        try:
            theirs = np.asarray(processor(Image.fromarray(pixels), return_tensors="np")["pixel_values"][0])
        except ValueError:  # Pillow refuses to resize to nothing; then so must we
            with pytest.raises(InputError):
                pipeline(decode(pixels))
            continue
        ours = pipeline(decode(pixels))
        assert ours.dtype == np.float32
        np.testing.assert_array_equal(ours, theirs.astype(np.float32))
        compared += 1
    assert compared >= len(SIZES)


@pytest.mark.parametrize(("name", "module", "settings"), CASES, ids=NAMES)
def test_what_save_pretrained_writes_gives_the_same_steps(
    tmp_path: Path, name: str, module: str, settings: dict[str, Any]
) -> None:
    steps = image_steps(folder_with(tmp_path, {"image_processor_type": name, **settings}))
    reference(name, module, settings).save_pretrained(tmp_path)
    assert image_steps(tmp_path) == steps


@pytest.mark.parametrize(
    ("name", "module", "settings"),
    [
        ("DetrImageProcessor", "detr", {}),
        ("DetrImageProcessor", "detr", {"size": {"shortest_edge": 96, "longest_edge": 160}}),
        ("DetrImageProcessor", "detr", {"size": {"height": 64, "width": 96}}),
        ("YolosImageProcessor", "yolos", {"size": {"shortest_edge": 96, "longest_edge": 160}}),
        ("RTDetrImageProcessor", "rt_detr", {}),
    ],
)
def test_square_pictures_for_detectors_equal_transformers(
    tmp_path: Path, name: str, module: str, settings: dict[str, Any]
) -> None:
    processor = reference(name, module, settings)
    pipeline = PixelPipeline(image_steps(folder_with(tmp_path, {"image_processor_type": name, **settings})))
    pixels = np.random.default_rng(3).integers(0, 256, (110, 110, 3), dtype=np.uint8)
    theirs = np.asarray(processor(Image.fromarray(pixels), return_tensors="np")["pixel_values"][0])
    np.testing.assert_array_equal(pipeline(decode(pixels)), theirs.astype(np.float32))


def test_a_picture_of_another_shape_is_warped_for_a_detector(tmp_path: Path) -> None:
    said = {"image_processor_type": "DetrImageProcessor", "size": {"shortest_edge": 96, "longest_edge": 160}}
    pipeline = PixelPipeline(image_steps(folder_with(tmp_path, said)))
    assert pipeline(decode(np.zeros((50, 90, 3), np.uint8))).shape == (3, 96, 96)


def test_a_detector_without_an_edge_is_refused(tmp_path: Path) -> None:
    said = {"image_processor_type": "DetrImageProcessor", "size": {"max_height": 9, "max_width": 9}}
    with pytest.raises(UnsupportedModelError, match="a detector needs"):
        image_steps(folder_with(tmp_path, said))


@pytest.mark.parametrize("name", ["vit", "convnext", "efficientnet", "clip"])
def test_photographs_equal_transformers(tmp_path: Path, data: Path, name: str) -> None:
    kind, module, settings = next(case for case in CASES if case[1] == name)
    processor = reference(kind, module, settings)
    pipeline = PixelPipeline(image_steps(folder_with(tmp_path, {"image_processor_type": kind, **settings})))
    for path in sorted((data / "images").glob("*.jpg"))[::12]:
        with Image.open(path) as opened:
            theirs = processor(opened.convert("RGB"), return_tensors="np")["pixel_values"][0]
        np.testing.assert_array_equal(pipeline(decode(path)), theirs)


def test_extreme_shape_equals_transformers(tmp_path: Path) -> None:
    processor = reference("ViTImageProcessor", "vit", {})
    pixels = np.random.default_rng(0).integers(0, 256, (1, 1000, 3), dtype=np.uint8)
    pipeline = PixelPipeline(image_steps(folder_with(tmp_path, {"image_processor_type": "ViTImageProcessor"})))
    theirs = processor(pixels, return_tensors="np", input_data_format="channels_last")["pixel_values"][0]
    np.testing.assert_array_equal(pipeline(decode(pixels)), theirs)


@pytest.mark.parametrize(
    "spelling",
    [
        {"image_processor_type": "ViTImageProcessorFast"},
        {"feature_extractor_type": "ViTFeatureExtractor"},
        {"image_processor_type": "ViTFeatureExtractor"},
        {"do_resize": True},
    ],
)
def test_old_spellings_name_the_same_processor(tmp_path: Path, spelling: dict[str, Any]) -> None:
    plain = image_steps(folder_with(tmp_path, {"image_processor_type": "ViTImageProcessor"}))
    assert image_steps(folder_with(tmp_path, spelling)) == plain


def test_nested_processor_config_goes_first(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {"image_processor_type": "ViTImageProcessor"}, model_type="clip")
    nested = {"image_processor": {"image_processor_type": "CLIPImageProcessor"}}
    (folder / "processor_config.json").write_text(json.dumps(nested))
    assert image_steps(folder)[1].options == {"filter": "bicubic", "shortest_edge": 224}


def test_pp_lcnet_turns_channels_and_rounds(tmp_path: Path) -> None:
    """transformers has no PIL version: its torchvision one rounds the longer edge and ends with BGR."""
    folder = folder_with(tmp_path, {"image_processor_type": "PPLCNetImageProcessor"}, model_type="pp_lcnet")
    steps = image_steps(folder)
    assert [step.kind for step in steps] == ["decode", "resize", "center_crop", "rescale", "normalise", "flip_channels"]
    red = np.zeros((300, 300, 3), np.uint8)
    red[..., 0] = 255
    made = PixelPipeline(steps)(decode(red))
    assert made.shape == (3, 224, 224)
    expected = (np.array([0.0, 0.0, 1.0]) - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(made[:, 0, 0], expected, rtol=1e-5)


def test_pp_ocr_detectors_get_pages_in_bgr(tmp_path: Path) -> None:
    said = {"image_processor_type": "PPOCRV5ServerDetImageProcessorFast", "limit_side_len": 64}
    steps = image_steps(folder_with(tmp_path, said))
    assert [step.kind for step in steps] == ["decode", "limit_side", "rescale", "normalise", "flip_channels"]
    red = np.zeros((100, 200, 3), np.uint8)
    red[..., 0] = 255
    made = PixelPipeline(steps)(decode(red))
    assert made.shape == (3, 32, 64)
    expected = (np.array([0.0, 0.0, 1.0]) - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(made[:, 0, 0], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "order"), [("PPOCRV5ServerRecImageProcessor", [0, 1, 2]), ("PPOCRV6SmallRecImageProcessor", [2, 1, 0])]
)
def test_pp_ocr_recognisers_get_lines(name: str, order: list[int], tmp_path: Path) -> None:
    said = {"image_processor_type": name, "image_mean": [0.5, 0.25, 0.75], "image_std": 0.5}
    steps = image_steps(folder_with(tmp_path, said))
    assert PixelPipeline(steps).shape == (3, 48, "width")
    made = PixelPipeline(steps)(decode(np.full((24, 201, 3), [255, 0, 51], np.uint8)))
    assert made.shape == (3, 48, 408)
    expected = (np.array([1.0, 0.0, 0.2])[order] - [0.5, 0.25, 0.75]) / 0.5
    np.testing.assert_allclose(made[:, 0, 0], expected, rtol=1e-5)
    assert (made[:, :, 402:] == 0).all()


def test_a_page_may_be_resized_by_its_type_alone(tmp_path: Path) -> None:
    steps = image_steps(folder_with(tmp_path, {"limit_type": "min"}, model_type="pp_ocrv6_small_det"))
    assert steps[1].options["rule"] == "min"


def test_one_channel_models_get_grey(tmp_path: Path) -> None:
    processor = {"image_processor_type": "ViTImageProcessor", "size": 8, "image_mean": [0.5], "image_std": 0.5}
    steps = image_steps(folder_with(tmp_path, processor, num_channels=1))
    assert PixelPipeline(steps).shape == (1, 8, 8)
    white = np.full((8, 8, 3), 255, np.uint8)
    pipeline = PixelPipeline(steps)
    np.testing.assert_array_equal(pipeline(decode(white, mode=pipeline.mode)), np.ones((1, 8, 8), np.float32))


def test_the_shape_has_names_where_it_depends_on_the_picture(tmp_path: Path) -> None:
    processor = {"image_processor_type": "CLIPImageProcessor", "do_center_crop": False}
    assert PixelPipeline(image_steps(folder_with(tmp_path, processor))).shape == (3, "height", "width")


@pytest.mark.parametrize(
    ("processor", "says"),
    [
        ({"image_processor_type": "SamImageProcessor"}, "SamImageProcessor"),
        ({"image_processor_type": "ConvNextImageProcessor", "size": {"height": 9, "width": 9}}, "shortest_edge"),
        ({"image_processor_type": "ViTImageProcessor", "resample": 9}, "filter 9"),
        ({"image_processor_type": "ViTImageProcessor", "image_mean": [1, 2]}, "2 numbers for 3 channels"),
        ({"image_processor_type": "ViTImageProcessor", "image_std": [0, 1, 1]}, "not zero"),
        ({"image_processor_type": "ConvNextImageProcessor", "size": 9, "crop_pct": 0}, "crop_pct"),
    ],
)
def test_what_is_not_known_is_refused_with_a_remedy(tmp_path: Path, processor: dict[str, Any], says: str) -> None:
    with pytest.raises(UnsupportedModelError, match=says) as caught:
        image_steps(folder_with(tmp_path, processor))
    assert caught.value.remedy


@pytest.mark.parametrize("size", [0, -4, True, "224", {"height": 9}, {"shortest_edge": 2.5}, [1, 2, 3], 10**12])
def test_a_size_that_is_none_is_refused(tmp_path: Path, size: object) -> None:
    with pytest.raises(SourceError, match="is no size"):
        image_steps(folder_with(tmp_path, {"image_processor_type": "ViTImageProcessor", "size": size}))


def test_no_processor_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedModelError, match=r"has no preprocessor_config\.json"):
        image_steps(tmp_path)


def test_steps_survive_the_manifest(tmp_path: Path) -> None:
    steps = image_steps(folder_with(tmp_path, {"image_processor_type": "EfficientNetImageProcessor"}))
    again = tuple(Step.from_json(json.loads(json.dumps(step.to_json()))) for step in steps)
    assert again == steps
