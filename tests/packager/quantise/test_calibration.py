"""Calibration: two parts without a common input, the same wherever they lie; bad data is one line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import edge
from edge.bundle import Bundle, open_bundle
from edge.errors import EdgeError, InputError
from packager.quantise.calibration import CalibrationSet, open_calibration
from packager.quantise.collect import collect_feeds
from packager.quantise.feeds import read_feeds
from tests.support.bundles import FIXTURE
from tests.support.calibration import colour_pictures
from tests.support.models import colour_bundle, word_bundle
from tests.support.page_bundle import squares


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return open_bundle(colour_bundle(tmp_path_factory.mktemp("bundle") / "colours.edge"))


def _names(part: CalibrationSet) -> tuple[set[str], set[str]]:
    return {one.name for one in part.calibrate}, {one.name for one in part.held_out}


def test_parts_share_nothing_hold_all_labels_and_depend_on_contents_and_seed_alone(
    colours: Bundle, tmp_path: Path
) -> None:
    folder = colour_pictures(tmp_path / "set", 60)
    one = open_calibration(folder, colours, 0)
    calibrate, held_out = _names(one)
    assert (len(calibrate), len(held_out)) == (30, 30)
    assert not calibrate & held_out
    assert {(colour, sum(name.startswith(colour) for name in calibrate)) for colour in ("red", "green", "blue")} == {
        ("red", 10), ("green", 10), ("blue", 10)
    }  # fmt: skip
    assert one.labelled
    elsewhere = shutil.copytree(folder, tmp_path / "elsewhere")
    again = open_calibration(elsewhere, colours, 0)
    assert _names(again) == (calibrate, held_out)
    assert again.digest == one.digest
    assert _names(open_calibration(folder, colours, 1)) != (calibrate, held_out)
    (elsewhere / "red" / "000.png").unlink()
    assert open_calibration(elsewhere, colours, 0).digest != one.digest


def test_an_input_that_is_there_twice_counts_once(colours: Bundle, tmp_path: Path) -> None:
    folder = colour_pictures(tmp_path / "set", 40, labelled=False)
    shutil.copy(folder / "000.png", folder / "again.png")
    found = open_calibration(folder, colours, 0)
    assert not found.labelled
    assert len(found.calibrate) + len(found.held_out) == 40


def test_networks_are_fed_as_the_device_feeds_them(colours: Bundle, tmp_path: Path) -> None:
    folder = colour_pictures(tmp_path / "set", 24)
    examples = open_calibration(folder, colours, 0).calibrate
    (file,) = collect_feeds(colours, examples, "onnxruntime", tmp_path).values()
    feeds = list(read_feeds(file))
    assert len(feeds) == len(examples)
    with edge.load(colours) as model:
        for example, feed in zip(examples, feeds, strict=True):
            (logits,) = model.session.run(feed).values()
            result = model(str(example.given))
            assert isinstance(result, edge.Classification)
            assert result.labels[0] == ("red", "green", "blue")[int(logits.argmax())]
            assert feed["pixel_values"].shape == (1, 3, 8, 8)


def test_every_stage_of_a_reader_of_pages_is_recorded_and_twice_the_same(pages_bundle: Path, tmp_path: Path) -> None:
    bundle = open_bundle(pages_bundle)
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(4):
        squares([("ab", 20, 20 + number), ("a红b", 30, 90), ("红a", 200, 140)]).save(folder / f"{number}.png")
    pages = open_calibration(folder, bundle, 0)
    assert (len(pages.calibrate), len(pages.held_out)) == (2, 2)
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files = collect_feeds(bundle, pages.calibrate, "onnxruntime", tmp_path / name)
        assert list(files) == ["detect", "recognise"]
        found.append({stage: file.read_bytes() for stage, file in files.items()})
    assert found[0] == found[1]
    calls = list(read_feeds(tmp_path / "one" / "recognise.safetensors"))
    assert sum(call["lines"].shape[0] for call in calls) >= 6


def _too_few(folder: Path) -> None:
    colour_pictures(folder, 9)


def _empty(folder: Path) -> None:
    folder.mkdir()


def _a_label_missing(folder: Path) -> None:
    shutil.rmtree(colour_pictures(folder, 60) / "green")


def _no_label(folder: Path) -> None:
    (colour_pictures(folder, 60) / "green").rename(folder / "grün")


def _constant(folder: Path) -> None:
    colour_pictures(folder, 40, labelled=False)
    for number in range(40):
        Image.new("RGB", (9, 9), (number, number, number)).save(folder / f"{number:03}.png")


def _damaged(folder: Path) -> None:
    colour_pictures(folder, 40, labelled=False)
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[:80] + file.name.encode())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_too_few, "has 9 different inputs, at least 20 are needed"),
        (_empty, "has 0 different inputs"),
        (_a_label_missing, "no input with the label green"),
        (_no_label, "no folders with the names of the model's labels"),
        (_constant, "is one constant"),
        (_damaged, "is a damaged image"),
    ],
)
def test_bad_sets_are_refused_in_one_line(
    make: Callable[[Path], None], said: str, colours: Bundle, tmp_path: Path
) -> None:
    make(tmp_path / "set")
    with pytest.raises(EdgeError) as refused:
        collect_feeds(colours, open_calibration(tmp_path / "set", colours, 0).calibrate, "onnxruntime", tmp_path)
    assert said in refused.value.message
    assert refused.value.exit_code == 2
    assert refused.value.remedy
    assert "\n" not in refused.value.message
    assert not list(tmp_path.glob("*.safetensors*"))


def test_without_inputs_the_pages_of_a_bundle_are_taken(colours: Bundle) -> None:
    with pytest.raises(InputError, match="the bundle's own pages has 0"):
        open_calibration(None, colours, 0)


def test_texts_are_lines(tmp_path: Path) -> None:
    bundle = open_bundle(word_bundle(tmp_path / "words.edge"))
    file = tmp_path / "texts.txt"
    file.write_text("".join(f"text number {number}\n\n" for number in range(30)), encoding="utf-8")
    found = open_calibration(file, bundle, 0)
    (feeds,) = collect_feeds(bundle, found.calibrate, "onnxruntime", tmp_path).values()
    assert [list(feed) for feed in read_feeds(feeds)] == [["input_ids", "attention_mask"]] * 15


def test_nan_in_tensors_is_named(tmp_path: Path) -> None:
    stage = open_bundle(FIXTURE).manifest.stages[0]
    random = np.random.default_rng(0)
    (tmp_path / "set").mkdir()
    for number in range(20):
        arrays = {
            spec.name: random.standard_normal([one if isinstance(one, int) else 1 for one in spec.shape]).astype(
                spec.dtype
            )
            for spec in stage.inputs
        }
        next(iter(arrays.values())).flat[0] = np.nan
        np.savez(tmp_path / "set" / f"{number}.npz", **arrays)  # type: ignore[arg-type]
    bundle = open_bundle(FIXTURE)
    examples = open_calibration(tmp_path / "set", bundle, 0).calibrate
    with pytest.raises(InputError, match=r"npz gives NaN or infinity"):
        collect_feeds(bundle, examples, "onnxruntime", tmp_path)
