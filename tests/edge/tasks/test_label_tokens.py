from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

import edge
from edge.bundle import open_bundle
from edge.errors import BundleError
from edge.manifest import Step
from edge.tasks.label_tokens import LabelTokens
from tests.support.models import TOKENIZER, tag_bundle, tag_logits

TEXT = "Ada Lovelace met Charles Babbage in London"


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    tag_bundle(folder / "right.edge")
    tag_bundle(folder / "left.edge", padding="left")
    tag_bundle(folder / "prompt.edge", prompt="Paris: ")
    return folder


def run(bundle: Path, *texts: str) -> list[edge.TokenClassification]:
    with edge.load(bundle, threads=1) as model:
        results = model.run_batch(texts, batch_size=len(texts))
    assert all(isinstance(one, edge.TokenClassification) for one in results)
    return [replace(one, timings=edge.Timings()) for one in results if isinstance(one, edge.TokenClassification)]


@pytest.mark.parametrize("name", ["right", "left", "prompt"])
def test_entities_have_their_places_whatever_is_around_the_text(bundles: Path, name: str) -> None:
    """Special tokens, padding and the prompt would all be entities."""
    alone, (_, together) = run(bundles / f"{name}.edge", TEXT), run(bundles / f"{name}.edge", f"{TEXT} " * 2, TEXT)
    assert alone == [together]
    found = [(one.label, one.start, one.end, one.text) for one in together.entities]
    assert found == [("PER", 0, 12, "Ada Lovelace"), ("PER", 17, 24, "Charles"), ("LOC", 36, 42, "London")]
    assert [one.text for one in together.tokens][:4] == ["Ada", "Love", "lace", "met"]


def test_scores_are_a_softmax_over_the_labels_and_of_an_entity_their_mean(bundles: Path) -> None:
    (result,) = run(bundles / "right.edge", TEXT)
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    rows = np.exp(tag_logits()[[tokenizer.get_vocab()[one] for one in ("ada", "love", "##lace")]].astype(np.float64))
    best = rows.max(axis=1) / rows.sum(axis=1)
    np.testing.assert_allclose([one.score for one in result.tokens[:3]], best, rtol=1e-5)
    assert result.entities[0].score == pytest.approx(best.mean(), rel=1e-5)


@given(texts=st.lists(st.text(max_size=30) | st.just(TEXT), min_size=1, max_size=4))
@pytest.mark.parametrize("name", ["right", "left"])
def test_a_text_means_the_same_alone_and_in_company(bundles: Path, name: str, texts: list[str]) -> None:
    together = run(bundles / f"{name}.edge", *texts)
    assert together == [run(bundles / f"{name}.edge", text)[0] for text in texts]
    for text, result in zip(texts, together, strict=True):
        assert all(text[one.start : one.end] == one.text for one in (*result.tokens, *result.entities))


@pytest.mark.parametrize("text", ["", "   "])
def test_a_text_of_nothing_has_no_labels(bundles: Path, text: str) -> None:
    assert run(bundles / "right.edge", text) == [edge.TokenClassification((), ())]


def test_labels_that_do_not_fit_the_logits_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"\(1, 4, 5\) for \(1, 4\) tokens and 3 labels"):
        run(tag_bundle(tmp_path / "three.edge", labels="OAB"), "Ada")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"preprocess": ()}, "must be tokenise"),
        ({"postprocess": ()}, "end with labels and entities"),
        ({"postprocess": (Step(kind="top_k", options={"k": 1}),)}, "end with labels and entities"),
    ],
)
def test_steps_that_label_no_tokens_are_refused(bundles: Path, change: dict[str, Any], says: str) -> None:
    bundle = open_bundle(bundles / "right.edge")
    with pytest.raises(BundleError, match=says):
        LabelTokens(replace(bundle.manifest.stages[0], **change), bundle, None)


def test_tokens_are_not_pooled(bundles: Path) -> None:
    bundle = open_bundle(bundles / "right.edge")
    (stage,) = bundle.manifest.stages
    pool = Step(kind="pool", options={"output": "logits", "modes": ["mean"]})
    with pytest.raises(BundleError, match="begin with select"):
        LabelTokens(replace(stage, postprocess=(pool, *stage.postprocess[1:])), bundle, None)
