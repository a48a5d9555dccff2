"""Candidates judged against fp32 through the device's own runtime, with labels and without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from edge import load
from edge.bench.accuracy.dataset import Example
from edge.bench.accuracy.evaluate import open_dataset
from edge.bundle import open_bundle
from edge.errors import CheckError, InputError
from packager.quantise.judge.accuracy import reference
from tests.support.candidates import add_to_output, changed, disturb
from tests.support.models import COLOURS, colour_bundle, tag_bundle, word_bundle
from tests.support.page_bundle import page_bundle, squares

TEXTS = ("ada lovelace", "charles in london", "paris", "a red house", "the green one", "blue sky", "rain", "two cats")


def _picture(colour: int, ahead: int) -> NDArray[np.uint8]:
    """Grey, but for one channel, which is a little brighter."""
    pixels = np.full((8, 8, 3), 100, np.uint8)
    pixels[..., colour] += np.uint8(ahead)
    return pixels


def _pictures() -> list[Example]:
    """Ten of each colour; a bias of 0.1 towards red (25 of 255) turns over those that are under 26 ahead."""
    return [
        Example(f"{colour} {step}", _picture(number, 5 * step + 3), colour)
        for number, colour in enumerate(COLOURS)
        for step in range(10)
    ]


@pytest.mark.parametrize("labelled", [True, False])
def test_answers_that_a_candidate_turns_over_are_points(tmp_path: Path, *, labelled: bool) -> None:
    bundle = colour_bundle(tmp_path / "fp32.edge")
    other = changed(bundle, tmp_path / "int8.edge", add_to_output([0.1, 0, 0]))
    with load(bundle) as fp32, load(other) as candidate:
        found = reference(fp32, _pictures(), labelled=labelled)
        assert (found.score, found.fp32, found.inputs) == ("top1" if labelled else "agreement", 100, 30)
        # Green and blue under 25.5 ahead: 3, 8, 13, 18, 23 of each.
        drop = found.drop(candidate)
        assert drop.value == pytest.approx(100 * 10 / 30)
        assert drop.low < drop.value < drop.high
        same = found.drop(fp32)
        assert same.value == 0
        assert same.high > 0


def test_a_candidate_may_gain_on_labels_what_no_agreement_shows(tmp_path: Path) -> None:
    bundle = colour_bundle(tmp_path / "fp32.edge")
    other = changed(bundle, tmp_path / "int8.edge", add_to_output([0.1, 0, 0]))
    red = [Example(one.name, one.given, "red") for one in _pictures()]
    with load(bundle) as fp32, load(other) as candidate:
        assert reference(fp32, red, labelled=True).drop(candidate).value == pytest.approx(-100 * 10 / 30)
        assert reference(fp32, red, labelled=False).drop(candidate).value == pytest.approx(100 * 10 / 30)


def test_the_datasets_of_edge_bench_are_taken(tmp_path: Path) -> None:
    bundle = colour_bundle(tmp_path / "fp32.edge")
    for number, colour in enumerate(COLOURS):
        (tmp_path / "data" / colour).mkdir(parents=True)
        for step in range(3):
            Image.fromarray(_picture(number, 40 + step)).save(tmp_path / "data" / colour / f"{step}.png")
    with load(bundle) as fp32:
        dataset = open_dataset(tmp_path / "data", open_bundle(bundle))
        found = reference(fp32, dataset.examples, labelled=True)
        assert (found.score, found.fp32, found.inputs) == ("top1", 100, 9)


def test_embeddings_are_ranked(tmp_path: Path) -> None:
    bundle = word_bundle(tmp_path / "fp32.edge")
    near = changed(bundle, tmp_path / "near.edge", disturb("table", 1e-4))
    far = changed(bundle, tmp_path / "far.edge", disturb("table", 1.0))
    examples = [Example(text, text, "") for text in TEXTS]
    with load(bundle) as fp32, load(near) as one, load(far) as other:
        found = reference(fp32, examples, labelled=False)
        assert (found.score, found.inputs) == ("spearman", len(TEXTS))
        assert found.drop(one).value < 1
        assert found.drop(other).value > 5


def test_tokens_agree_or_not(tmp_path: Path) -> None:
    bundle = tag_bundle(tmp_path / "fp32.edge")
    other = changed(bundle, tmp_path / "int8.edge", add_to_output([100, 0, 0, 0, 0]))
    examples = [Example(text, text, "") for text in TEXTS]
    with load(bundle) as fp32, load(other) as candidate:
        found = reference(fp32, examples, labelled=False)
        assert found.score == "agreement"
        labels = [token.label for one in fp32(list(TEXTS)) for token in one.tokens]  # type: ignore[union-attr]
        assert found.drop(candidate).value == pytest.approx(100 * sum(one != "O" for one in labels) / len(labels))


@pytest.mark.parametrize("labelled", [True, False])
def test_pages_are_judged_by_their_characters(tmp_path: Path, *, labelled: bool) -> None:
    bundle = page_bundle(tmp_path / "fp32.edge")
    never_b = add_to_output([0, 0, 0, -2])
    other = changed(bundle, tmp_path / "int8.edge", never_b, file="recognise.onnx")
    texts = ["红ab", "bab", "a红", "红b", "ba", "ab红", "b红b", "a"]
    examples = []
    for number, text in enumerate(texts):
        squares([(text, 40, 60)]).save(tmp_path / f"{number}.png")
        examples.append(Example(text, tmp_path / f"{number}.png", text))
    with load(bundle) as fp32, load(other) as candidate:
        found = reference(fp32, examples, labelled=labelled)
        assert found.score == ("cer" if labelled else "agreement")
        assert found.drop(fp32).value == 0
        letters = "".join(texts)
        assert found.drop(candidate).value == pytest.approx(100 * letters.count("b") / len(letters))


def test_outputs_that_are_no_numbers_end_the_candidate(tmp_path: Path) -> None:
    bundle = word_bundle(tmp_path / "fp32.edge")
    other = changed(bundle, tmp_path / "int8.edge", disturb("table", float("nan")))
    with load(bundle) as fp32, load(other) as candidate:
        found = reference(fp32, [Example(text, text, "") for text in TEXTS], labelled=False)
        with pytest.raises(CheckError, match="8 of 8 outputs hold NaN"):
            found.drop(candidate)


def test_too_few_inputs_are_refused_with_the_number_that_is_needed(tmp_path: Path) -> None:
    with load(colour_bundle(tmp_path / "fp32.edge")) as fp32:
        few = _pictures()[:5]
        for labelled in (True, False):
            with pytest.raises(InputError, match=r"5 answers to judge by, 8 are needed"):
                reference(fp32, few, labelled=labelled)
        unreadable = [Example(str(n), tmp_path / "none.png", "red") for n in range(20)]
        with pytest.raises(InputError, match="0 answers"):
            reference(fp32, unreadable, labelled=False)
