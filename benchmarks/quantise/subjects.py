"""The models that are quantised: what each is built from, calibrated on, judged on, and what is asked of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.models.digits import train
from benchmarks.models.jittered import save_apart
from benchmarks.models.news import news
from benchmarks.models.packaged import minilm, ppocr, ppocr_characters
from benchmarks.places import evaluation_data
from benchmarks.quantise.english import calibration_sentences, held_out_sentences

MOST_POINTS = 1.0
ANY = 100.0
"""Points that may be lost where weights are random, so that there is nothing to lose."""
DIGITS = 800
"""Held out of training; the packager gets the first of them."""
DIGITS_CALIBRATION = 300


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A model and its data.

    `source` and `options` are those of `packager build`. `calibration` is what the packager gets, `test` a dataset
    (labelled, as `edge bench --dataset` takes it) or sentences, none of which the packager sees; None for random
    weights. `faster` is how many times int8 must be faster than fp32, None where nothing was asked; `tokens` is the
    length of the texts that time is measured with, 0 for the calibration's own inputs.
    """

    source: str | Path
    calibration: Path
    test: Path | Sequence[str] | None
    options: tuple[str, ...] = ()
    faster: float | None = None
    tokens: int = 0

    @property
    def max_drop(self) -> float:
        """The budget that the packager is given, in points."""
        return ANY if self.test is None else MOST_POINTS


def resnet50(folder: Path) -> Subject:
    """Random weights: speed and size alone."""
    photos = evaluation_data() / "images"
    return Subject(source=save_apart("resnet50", folder), calibration=photos, test=None, faster=2.6)


def mobilenet_v2(folder: Path) -> Subject:
    """Random weights: speed and size alone."""
    photos = evaluation_data() / "images"
    return Subject(source=save_apart("mobilenet_v2", folder), calibration=photos, test=None, faster=1.8)


def bert_base(folder: Path) -> Subject:
    """Random weights: speed and size alone."""
    sentences = calibration_sentences(folder / "sentences.txt")
    return Subject(source=save_apart("bert_base", folder), calibration=sentences, test=None, faster=1.6, tokens=128)


def sentences(folder: Path) -> Subject:
    """all-MiniLM-L6-v2."""
    given = calibration_sentences(folder / "sentences.txt")
    return Subject(source=minilm(), calibration=given, test=held_out_sentences(), faster=1.6, tokens=128)


def digits(folder: Path) -> Subject:
    """A small ResNet, trained."""
    return _digits(folder / "digits", "resnet")


def digits_depthwise(folder: Path) -> Subject:
    """A small MobileNetV2, trained: channels of depthwise convolutions differ widely in their range."""
    return _digits(folder / "digits-mobilenet", "mobilenet_v2")


def headlines(folder: Path) -> Subject:
    """A small ELECTRA that tells topics of Chinese headlines, trained."""
    found = news(folder / "news")
    return Subject(source=found.folder, calibration=found.calibration, test=found.test)


def pages(folder: Path) -> Subject:
    """PP-OCRv4: every second page is the packager's."""
    models = ppocr()
    stages = {"detect": models["det"], "turn-line": models["cls"], "recognise": models["rec"]}
    given = [part for stage, path in stages.items() for part in ("--source", f"{stage}={path}")]
    options = (*given, "--characters", str(ppocr_characters()), "--allow-licence", "Apache-2.0")
    calibration, test = _every_second_page(folder)
    return Subject(source="ppocrv4-mobile", options=options, calibration=calibration, test=test)


SUBJECTS: Mapping[str, Callable[[Path], Subject]] = {
    "resnet50": resnet50,
    "mobilenet_v2": mobilenet_v2,
    "digits": digits,
    "digits-mobilenet": digits_depthwise,
    "minilm": sentences,
    "bert_base": bert_base,
    "news": headlines,
    "ppocrv4": pages,
}


def _digits(folder: Path, network: str) -> Subject:
    calibration, test = (folder.with_name(f"{folder.name}-{part}") for part in ("calibration", "test"))
    if not test.exists():
        for old in (folder, folder.with_name(f"{folder.name}-images"), calibration):
            shutil.rmtree(old, ignore_errors=True)
        found = train(folder, network, DIGITS)
        labelled = list(zip(found.images, found.truth, strict=True))
        _copy_labelled(labelled[:DIGITS_CALIBRATION], calibration)
        _copy_labelled(labelled[DIGITS_CALIBRATION:], test)
    return Subject(source=folder, calibration=calibration, test=test)


def _copy_labelled(images: Sequence[tuple[Path, int]], folder: Path) -> None:
    """A folder that is whole or not there."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for image, _ in images:
        shutil.copy(image, partial)
    rows = "".join(f"{image.name},{label}\n" for image, label in images)
    (partial / "labels.csv").write_text(f"file,label\n{rows}", encoding="utf-8")
    partial.rename(folder)


def _every_second_page(folder: Path) -> tuple[Path, Path]:
    """Two datasets of pages in languages that PP-OCRv4 reads, so that both have all kinds of them."""
    data = evaluation_data() / "ocr"
    known: list[dict[str, Any]] = json.loads((data / "ground_truth.json").read_text(encoding="utf-8"))
    entries = [one for one in known if one["language"] in ("ch", "en")]
    halves = (folder / "pages-calibration", folder / "pages-test")
    for first, half in enumerate(halves):
        shutil.rmtree(half, ignore_errors=True)
        chosen = entries[first::2]
        for one in chosen:
            (half / one["file"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(data / one["file"], half / one["file"])
        (half / "ground_truth.json").write_text(json.dumps(chosen, ensure_ascii=False), encoding="utf-8")
    return halves
