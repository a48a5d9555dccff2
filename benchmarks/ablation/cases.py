"""Trained networks with what they are calibrated on and what they are judged on, all as `edge` feeds them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.commands import succeed
from benchmarks.models.digits import train
from benchmarks.models.packaged import minilm
from benchmarks.ocr.truth import truths
from benchmarks.quantise.english import calibration_sentences, held_out_sentences
from edge.bench.accuracy.texts import edit_distance
from edge.bundle import Bundle, open_bundle
from edge.engines import Session
from edge.manifest import Stage
from edge.quantisation import Interval
from edge.runtime import load_tapped
from packager.quantise.collect_worker import RecordingSession
from packager.quantise.feeds import Feed
from packager.quantise.judge.paired import lost
from packager.quantise.judge.vectors import MOST_RANKED, rank_loss

if TYPE_CHECKING:
    from PIL.Image import Image

Outputs = Sequence[NDArray[Any]]
"""For each feed the value of the network's first output."""

ENGINE = "onnxruntime"
CALIBRATED = 128
HELD_OUT, VARIANTS = 800, 4
"""Digits that are not trained on, and pictures that each of them is judged by: turned, moved and noisy."""


@dataclass(frozen=True)
class Case:
    """A network as a file; `loss` takes outputs of fp32, of one network and of another.

    It says what the last loses against the one before, in points.
    """

    name: str
    onnx: Path
    transformer: bool
    calibration: Sequence[Feed]
    tested: Sequence[Feed]
    loss: Callable[[Outputs, Outputs, Outputs], Interval]


def digits(folder: Path) -> Case:
    """MobileNetV2 on handwritten digits, judged by top-1."""
    pictures = folder / "digits-altered"
    bundle = _bundle(folder / "digits.edge", lambda: _train_digits(folder / "mobilenet", pictures))
    paths = sorted(pictures.iterdir())
    calibrated = [path for path in paths if path.stem.endswith("-0")][:CALIBRATED]
    tested = paths[CALIBRATED * VARIANTS :]
    truth = [int(path.stem.split("-")[1]) for path in tested]
    return Case(
        f"MobileNetV2, {len(tested)} digits, top-1",
        *_of(bundle),
        _feeds(bundle, calibrated),
        _feeds(bundle, tested),
        partial(_labels, truth),
    )


def sentences(folder: Path) -> Case:
    """all-MiniLM-L6-v2 on English sentences, judged by Spearman's rho."""
    bundle = _bundle(folder / "minilm.edge", minilm)
    given = calibration_sentences(folder / "sentences.txt").read_text(encoding="utf-8").splitlines()
    tested = _feeds(bundle, held_out_sentences()[:MOST_RANKED])
    return Case(
        f"MiniLM, {len(tested)} sentences, Spearman",
        *_of(bundle),
        _feeds(bundle, given[:CALIBRATED]),
        tested,
        partial(_ranks, tested),
    )


def lines(folder: Path) -> Case:
    """PP-OCRv4's recogniser on lines of real pages, judged by characters that fp32 reads otherwise."""
    bundle = _bundle(folder / "ppocrv4.edge", lambda: "ppocrv4-mobile")
    pages = [page.path for page in truths() if page.language in {"ch", "en"}]
    taken, tested = (_feeds(bundle, part, "recognise") for part in (pages[::2], pages[1::2]))
    onnx, _ = _of(bundle, "recognise")
    return Case(f"PP-OCRv4 recogniser, {len(tested)} lines, CER", onnx, False, taken[:CALIBRATED], tested, _characters)


CASES: Mapping[str, Callable[[Path], Case]] = {
    "digits": digits,
    "sentences": sentences,
    "lines": lines,
}


def _bundle(path: Path, source: Callable[[], str | Path]) -> Bundle:
    if not path.exists():
        succeed("packager", "build", source(), "-o", path, "--engine", ENGINE)
    return open_bundle(path)


def _of(bundle: Bundle, name: str = "") -> tuple[Path, bool]:
    """The ONNX file of the stage, or of the first, and whether the bundle takes texts."""
    stage = next(one for one in bundle.manifest.stages if name in ("", one.name))
    file = next(one.file for one in stage.artifacts if one.engine == ENGINE)
    return bundle.file(file), stage.preprocess[0].kind == "tokenise"


def _feeds(bundle: Bundle, inputs: Iterable[str | Path], name: str = "") -> list[Feed]:
    """What the stage, or the only one, is fed of each input, one at a time."""
    taps: dict[str, RecordingSession] = {}

    def tap(stage: Stage, session: Session) -> Session:
        return taps.setdefault(stage.name, RecordingSession(session))

    feeds: list[Feed] = []
    with load_tapped(bundle, tap, engine=ENGINE, threads=1) as model:
        for given in inputs:
            list(model.outcomes([given]))
            feeds += [call for stage, one in taps.items() for call in one.take() if name in ("", stage)]
    return feeds


def _train_digits(folder: Path, pictures: Path) -> Path:
    """Train the model, and draw variants of the digits that it has not seen, named NUMBER-DIGIT-VARIANT."""
    from PIL import Image

    for old in (folder, folder.with_name(f"{folder.name}-images"), pictures):
        shutil.rmtree(old, ignore_errors=True)
    found = train(folder, "mobilenet_v2", HELD_OUT)
    random = np.random.default_rng(0)
    pictures.mkdir()
    for number, (path, digit) in enumerate(zip(found.images, found.truth, strict=True)):
        for variant in range(VARIANTS):
            _altered(Image.open(path), random).save(pictures / f"{number:03}-{digit}-{variant}.png")
    return folder


def _altered(picture: Image, random: np.random.Generator) -> Image:
    """Turned by up to 15 degrees, moved by up to 3 of 32 pixels, with noise of an eighth of the range."""
    from PIL import Image

    right, down = (int(one) for one in random.integers(-3, 4, 2))
    turned = picture.rotate(float(random.uniform(-15, 15)), Image.Resampling.BILINEAR, translate=(right, down))
    noise = random.normal(0, 32, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(np.asarray(turned) + noise, 0, 255).astype(np.uint8))


def _pooled(feeds: Sequence[Feed], values: Outputs) -> list[NDArray[np.float64]]:
    """Sentence vectors: the mean over the tokens that the mask shows."""
    masks = [np.asarray(feed["attention_mask"], np.float64)[0, :, None] for feed in feeds]
    return [(value[0] * mask).sum(0) / mask.sum() for value, mask in zip(values, masks, strict=True)]


def _labels(truth: Sequence[int], _: Outputs, one: Outputs, other: Outputs) -> Interval:
    wrong = [
        [int(int(value[0].argmax()) != right) for value, right in zip(side, truth, strict=True)]
        for side in (one, other)
    ]
    return lost(wrong[0], wrong[1], [1] * len(truth))


def _ranks(feeds: Sequence[Feed], fp32: Outputs, one: Outputs, other: Outputs) -> Interval:
    right, before, after = (_pooled(feeds, side) for side in (fp32, one, other))
    if one is fp32:
        return rank_loss(right, after)
    worse, was = rank_loss(right, after), rank_loss(right, before)  # not paired: wider than it need be
    return Interval(value=worse.value - was.value, low=worse.low - was.high, high=worse.high - was.low)


def _characters(fp32: Outputs, one: Outputs, other: Outputs) -> Interval:
    """Edits from what fp32 reads."""
    right = [_read(value) for value in fp32]
    edits = [
        [edit_distance(text, _read(value)) for text, value in zip(right, side, strict=True)] for side in (one, other)
    ]
    return lost(edits[0], edits[1], [len(text) for text in right])


def _read(scores: NDArray[Any]) -> str:
    """CTC's best path as code points: repeats count once, class 0 is between characters."""
    best = scores.argmax(-1).reshape(-1)
    kept = best[(best != np.concatenate([[0], best[:-1]])) & (best != 0)]
    return "".join(chr(int(one) + 0x4E00) for one in kept)
