"""The whole road: a network that labels tokens, from its folder to entities on the device."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st

import edge
from edge.bundle import Bundle
from edge.engines import ENGINES
from edge.verify import verify
from packager import Order, build
from packager.tasks.registry import task_of_class
from tests.support.checkpoints import WORDS, write_bert

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
TEXTS = [
    "word1 word22 word3 nothing, word100 word5  word7",
    "word4",
    "word9 word150 word12 word13 word14 word15 word16 word17 word18",
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT whose labels differ from token to token: its classifier looks at what differs between them."""
    names = dict(enumerate(TAGS))
    folder = write_bert(
        tmp_path_factory.mktemp("model") / "tags",
        "BertForTokenClassification",
        num_labels=len(TAGS),
        id2label=names,
        label2id={tag: number for number, tag in names.items()},
    )
    network = transformers.BertForTokenClassification.from_pretrained(folder).eval()
    ids = torch.arange(5, len(WORDS)).reshape(5, -1)
    with torch.no_grad():
        mean = network.bert(ids).last_hidden_state.mean(dim=(0, 1))
        network.classifier.bias.copy_(-(network.classifier.weight @ mean))
    network.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def bundle(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    order = Order(places=("x86",))
    return build(str(model), tmp_path_factory.mktemp("out") / "tags.edge", order, allow_licences=("MIT",))


def test_the_class_names_the_task_and_every_hop_agrees_on_every_token(bundle: Bundle) -> None:
    assert bundle.manifest.task == "token-classification"
    (stage,) = bundle.manifest.stages
    assert [hop.hop for hop in stage.parity][2:] == list(ENGINES)
    assert all(hop.top1 == 1.0 and hop.max_abs <= hop.tolerance for hop in stage.parity)
    assert {check.engine for check in verify(bundle).checks} == set(ENGINES)


@pytest.mark.parametrize("engine", ENGINES)
def test_entities_equal_those_of_transformers_pipeline(bundle: Bundle, model: Path, engine: str) -> None:
    pipeline = transformers.pipeline(
        "token-classification",
        model=transformers.AutoModelForTokenClassification.from_pretrained(model),
        tokenizer=transformers.AutoTokenizer.from_pretrained(model),
        aggregation_strategy="simple",
    )
    with edge.load(bundle.path, engine=engine, threads=1) as loaded:
        ours = loaded.run_batch(TEXTS, batch_size=len(TEXTS))
    found = {one.label for result in ours if isinstance(result, edge.TokenClassification) for one in result.tokens}
    assert found > {"O"}
    for text, result in zip(TEXTS, ours, strict=True):
        assert isinstance(result, edge.TokenClassification)
        theirs = pipeline(text)
        places = [(one.label, one.start, one.end) for one in result.entities]
        assert places == [(one["entity_group"], one["start"], one["end"]) for one in theirs]
        scores = [one.score for one in result.entities]
        assert scores == pytest.approx([float(one["score"]) for one in theirs], abs=1e-5)


@given(texts=st.lists(st.lists(st.sampled_from(WORDS[5:]), max_size=40).map(" ".join), min_size=2, max_size=4))
@settings(max_examples=10)
def test_a_text_means_the_same_in_any_company(bundle: Bundle, texts: list[str]) -> None:
    with edge.load(bundle.path, engine="onnxruntime", threads=1) as loaded:
        together = loaded.run_batch(texts, batch_size=len(texts))
        for text, result in zip(texts, together, strict=True):
            alone = loaded(text)
            assert isinstance(alone, edge.TokenClassification)
            assert isinstance(result, edge.TokenClassification)
            assert [(one.start, one.text) for one in alone.tokens] == [(one.start, one.text) for one in result.tokens]
            assert [one.score for one in alone.tokens] == pytest.approx([o.score for o in result.tokens], abs=1e-5)


def test_classes_that_label_tokens_are_known() -> None:
    task = task_of_class("XLMRobertaForTokenClassification")
    assert task is not None
    assert task.name == "token-classification"
