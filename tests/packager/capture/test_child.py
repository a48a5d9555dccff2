"""Whole captures of tiny networks, in this process; `test_captured.py` goes through the child."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from packager.capture.graph import Graph
from packager.errors import SourceError, UnsupportedModelError
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE, read_reference
from tests.support.capture_child import run
from tests.support.checkpoints import (
    change_config,
    write_albert,
    write_bert,
    write_resnet,
    write_roberta,
    write_vit,
)
from tests.support.graph_run import run_graph

MAKERS = {
    "albert": write_albert,
    "bert": write_bert,
    "resnet": write_resnet,
    "roberta": write_roberta,
    "vit": write_vit,
}


@dataclass(frozen=True)
class Done:
    """A finished capture."""

    source: Path
    folder: Path
    reply: dict[str, Any]


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Done]:
    """Captures by name, each made once."""

    @cache
    def make(name: str) -> Done:
        here = tmp_path_factory.mktemp(name)
        source = MAKERS[name](here / "model")
        return Done(source, here / "out", run(source, here / "out"))

    return make


@pytest.mark.parametrize("name", MAKERS)
def test_the_graph_computes_what_the_model_computes(name: str, captured: Callable[[str], Done]) -> None:
    folder = captured(name).folder
    samples = read_reference(folder / SAMPLES_FILE, folder / REFERENCE_FILE)
    assert {sample.batch for sample in samples} == {1, 3}
    for sample in samples:
        found = run_graph(folder, sample.inputs)
        assert found.keys() == sample.expected.keys() == sample.precise.keys()
        for output, expected in sample.expected.items():
            counts = np.asarray(sample.valid.get(output, np.ones(expected.shape[:1])), np.bool_)
            wanted = expected[counts].astype(np.float64)
            np.testing.assert_allclose(found[output][counts], wanted, rtol=0, atol=2e-5)
            assert sample.precise[output].dtype == np.float64
            noise = np.abs(sample.precise[output][counts].astype(np.float64) - wanted).max()
            assert 0 < noise < 1e-4 * np.abs(wanted).max()


def test_a_text_is_captured_with_symbols_padding_and_an_additive_mask(captured: Callable[[str], Done]) -> None:
    done = captured("roberta")
    graph = Graph.read(done.folder)
    assert [(one.name, one.shape) for one in graph.inputs] == [
        ("input_ids", ("batch", "sequence")),
        ("attention_mask", ("batch", "sequence")),
    ]
    assert [(one.name, one.shape) for one in graph.outputs] == [("last_hidden_state", ("batch", "sequence", 32))]
    assert done.reply["rewrites"] == ("additive_mask", "token_type_ids")
    assert done.reply["facts"]["sequence_limit"] == 64
    operators = {node.op for node in graph.nodes}
    assert not operators & {"aten.index.Tensor", "aten.where.self", "aten.gather.default", "aten.clone.default"}
    reference = load_file(done.folder / REFERENCE_FILE)
    assert reference["001/valid:last_hidden_state"].sum(axis=1).tolist() == [32, 21, 10]


def test_shared_layers_are_stored_once(captured: Callable[[str], Done]) -> None:
    done = captured("albert")
    stored = (done.folder / "constants.safetensors").stat().st_size
    assert stored <= 1.1 * (done.source / "model.safetensors").stat().st_size


def test_a_mask_that_hides_nothing_leaves_no_trace(captured: Callable[[str], Done]) -> None:
    operators = [node.op for node in Graph.read(captured("vit").folder).nodes]
    assert "aten.where.self" not in operators
    assert operators.count("aten.expand.default") == 1  # the class token, to the batch


def test_half_precision_is_computed_in_float32(tmp_path: Path) -> None:
    import torch
    import transformers

    source = write_vit(tmp_path / "model")
    model = transformers.ViTForImageClassification.from_pretrained(source, dtype=torch.bfloat16)
    model.save_pretrained(source)
    reply = run(source, tmp_path / "out")
    assert reply["facts"]["stored_dtype"] == "bfloat16"
    assert {one.dtype for one in load_file(tmp_path / "out" / "constants.safetensors").values()} == {np.dtype("f4")}


def test_code_of_the_repository_is_not_executed(tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    source = write_vit(tmp_path / "model")
    for name in ("configuration_own", "modeling_own"):
        (source / f"{name}.py").write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    code = {"AutoConfig": "configuration_own.Own", "AutoModelForImageClassification": "modeling_own.Own"}
    change_config(source, auto_map=code)
    assert run(source, tmp_path / "out")["architecture"] == "ViTForImageClassification"
    change_config(source, model_type="own_design")
    with pytest.raises(UnsupportedModelError, match=r"own_design.*never executed"):
        run(source, tmp_path / "other")
    assert not marker.exists()


def test_a_head_without_weights_stops_the_capture(tmp_path: Path) -> None:
    source = change_config(write_bert(tmp_path / "model", "BertModel"), architectures=["BertForSequenceClassification"])
    with pytest.raises(SourceError, match=r"no values for 2 parameters .*classifier\.bias, classifier\.weight"):
        run(source, tmp_path / "out")
    assert not list((tmp_path / "out").glob("graph.json"))


def test_an_untrained_pooler_gives_way(tmp_path: Path) -> None:
    """The classifier's checkpoint has no pooler; a text encoder does not need one."""
    reply = run(write_vit(tmp_path / "model"), tmp_path / "out", task="feature-extraction")
    assert reply["architecture"] == "ViTModel"
    assert [one.name for one in Graph.read(tmp_path / "out").outputs] == ["last_hidden_state"]


def test_tensors_gives_every_output(tmp_path: Path) -> None:
    run(write_vit(tmp_path / "model", "ViTModel"), tmp_path / "out", task="tensors")
    assert [one.name for one in Graph.read(tmp_path / "out").outputs] == ["last_hidden_state", "pooler_output"]


def test_given_inputs_are_compared_on_too(tmp_path: Path) -> None:
    real = np.full((2, 3, 32, 32), 0.25, np.float32)
    np.savez(tmp_path / "real.npz", pixel_values=real)
    run(write_vit(tmp_path / "model"), tmp_path / "out", real=str(tmp_path / "real.npz"))
    samples = read_reference(tmp_path / "out" / SAMPLES_FILE, tmp_path / "out" / REFERENCE_FILE)
    np.testing.assert_array_equal(samples[-1].inputs["pixel_values"], real)
    assert samples[-1].expected["logits"].shape == (2, 2)
