"""The parent's door: the same files and facts come out of the child process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from edge.errors import EnvironmentLackError
from packager.capture import Captured, capture
from packager.capture import captured as captured_module
from packager.errors import SourceError, WorkerError
from tests.support.checkpoints import write_bert


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bert(tmp_path_factory.mktemp("bert") / "model", id2label={0: "bad", 1: "fair", 2: "good"})


@pytest.fixture(scope="module")
def captured(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Captured:
    return capture(source, folder=tmp_path_factory.mktemp("captured"))


def test_what_was_captured_is_described(captured: Captured) -> None:
    assert (captured.task, captured.modality) == ("text-classification", "text")
    assert captured.architecture == "BertForSequenceClassification"
    assert captured.labels == ("bad", "fair", "good")
    assert [one.name for one in captured.inputs] == ["input_ids", "attention_mask", "token_type_ids"]
    assert captured.facts.sequence_limit == 64
    assert captured.tools.keys() == {"torch", "transformers"}
    assert captured.samples.exists()
    assert captured.reference.exists()


def test_the_constants_are_those_of_the_graph(captured: Captured) -> None:
    with safe_open(captured.constants, "numpy") as stored:
        assert set(stored.keys()) == set(captured.graph.constants.values())
        for name, key in captured.graph.constants.items():
            array = stored.get_tensor(key)
            assert (str(array.dtype), array.shape) == (
                captured.graph.values[name].dtype,
                captured.graph.values[name].shape,
            )


def test_a_tokenizer_file_is_made(captured: Captured) -> None:
    from tokenizers import Tokenizer

    assert captured.tokenizer == captured.folder / "tokenizer.json"
    assert Tokenizer.from_file(str(captured.tokenizer)).encode("word3").ids == [2, 8, 3]


def test_the_same_model_gives_the_same_bytes(captured: Captured, source: Path, tmp_path: Path) -> None:
    again = capture(source, folder=tmp_path)
    for name in ("graph.json", "constants.safetensors", "samples.safetensors", "reference.safetensors"):
        assert (again.folder / name).read_bytes() == (captured.folder / name).read_bytes(), name


def test_an_error_of_the_child_arrives_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"config\.json"):
        capture(tmp_path, folder=tmp_path)


def test_samples_are_seeded(captured: Captured) -> None:
    with safe_open(captured.samples, "numpy") as stored:
        ids, mask = stored.get_tensor("001/in:input_ids"), stored.get_tensor("001/in:attention_mask")
    assert ids.shape == (3, 33)
    assert (ids[mask == 0] == 0).all()
    assert np.isin(ids[mask == 1], np.arange(5, 200)).all()


def test_the_memory_limit_holds(source: Path, tmp_path: Path) -> None:
    """Where torch meets the limit is not ours to choose: in Python it is told, in C++ the child may die of it."""
    with pytest.raises((EnvironmentLackError, WorkerError)):
        capture(source, folder=tmp_path, memory_limit=64 << 20)


def test_a_child_that_aborts_for_lack_of_memory_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(module: str, *_: object, **__: object) -> None:
        raise WorkerError(module, "signal SIGABRT", "terminate called after throwing an instance of 'std::bad_alloc'")

    monkeypatch.setattr(captured_module, "run_worker", dies)
    with pytest.raises(EnvironmentLackError, match="not enough memory"):
        capture(tmp_path, folder=tmp_path)
