"""Sizes that are fixed: by the user, or because a network cannot be exported for every length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import transformers

from edge.errors import EnvironmentLackError, InputError
from packager.capture import capture
from packager.capture.architecture import on_meta
from packager.capture.graph import Graph
from packager.capture.preflight import preflight
from packager.errors import ExportRefusedError, UnsupportedModelError
from packager.parity.jitter import jitter
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE, Sample, read_reference
from packager.tasks.plan import ModelFacts, with_sizes
from packager.tasks.registry import TASKS
from packager.tasks.text_inputs import TEXT, refuse_unpadded
from tests.support.capture_child import run
from tests.support.checkpoints import ENCODER, change_config, write_bert
from tests.support.graph_run import run_graph


def samples_of(folder: Path) -> tuple[Sample, ...]:
    return read_reference(folder / SAMPLES_FILE, folder / REFERENCE_FILE)


def test_a_shape_fixes_sizes_and_samples_are_padded_to_them(tmp_path: Path) -> None:
    reply = run(write_bert(tmp_path / "model"), tmp_path / "out", shape={"sequence": 16, "batch": 1})
    graph = Graph.read(tmp_path / "out")
    assert {one.shape for one in graph.inputs} == {(1, 16)}
    assert (reply["fixed"], reply["refused"]) == ({"batch": 1, "sequence": 16}, "")
    samples = samples_of(tmp_path / "out")
    assert [one.inputs["attention_mask"].sum() for one in samples] == [12, 15, 4, 16]
    assert {one.inputs["input_ids"].shape for one in samples} == {(1, 16)}


@pytest.mark.parametrize(
    ("shape", "says"),
    [({"depth": 3}, "no open axis 'depth'"), ({"sequence": 65}, "cannot be 65"), ({"sequence": 3}, "cannot be 3")],
)
def test_a_shape_that_does_not_fit_is_refused(shape: dict[str, int], says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        run(write_bert(tmp_path / "model"), tmp_path / "out", shape=shape)


@pytest.mark.filterwarnings("ignore")
def test_where_no_length_is_open_one_is_taken(tmp_path: Path) -> None:
    """XLNet's code is for one length, and it makes tensors on the CPU, so that the meta device says nothing of it."""
    config = transformers.XLNetConfig(vocab_size=200, d_model=32, n_layer=2, n_head=2, d_inner=64, num_labels=3)
    model = transformers.XLNetForSequenceClassification(config).eval()
    jitter(model)
    model.save_pretrained(tmp_path / "model")
    reply = run(tmp_path / "model", tmp_path / "out")
    assert reply["fixed"] == {"sequence": 128}
    assert "XLNetForSequenceClassification cannot be exported" in reply["refused"]
    assert Graph.read(tmp_path / "out").inputs[0].shape == ("batch", 128)
    for sample in samples_of(tmp_path / "out"):
        found = run_graph(tmp_path / "out", sample.inputs)["logits"]
        np.testing.assert_allclose(found, sample.expected["logits"].astype(np.float64), rtol=0, atol=2e-5)


@pytest.mark.filterwarnings("ignore")
def test_a_branch_on_values_names_its_layer() -> None:
    config = transformers.LongformerConfig(**ENCODER, attention_window=16)
    facts = ModelFacts(sequence_limit=62, vocabulary=200, feeds=("input_ids", "attention_mask"))
    model = on_meta(transformers.LongformerModel, config)
    outputs = TASKS["feature-extraction"].outputs["text"]
    says = r"branches on values that only a run can tell, in encoder\.layer\.0\.attention\.self \(modeling_longformer"
    with pytest.raises(ExportRefusedError, match=says):
        preflight(model, "meta", TEXT.inputs(facts), (), outputs)


def test_without_a_mask_a_fixed_length_is_refused() -> None:
    plan = TEXT.inputs(ModelFacts(sequence_limit=40, vocabulary=50, feeds=("input_ids",)))
    refuse_unpadded(plan)
    with pytest.raises(UnsupportedModelError, match="reads no mask"):
        refuse_unpadded(with_sizes(plan, {"sequence": 16}))


def test_what_memory_cannot_hold_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    source = change_config(write_bert(tmp_path / "model"), hidden_size=8192, intermediate_size=8192)
    (source / "model.safetensors").write_bytes(b"never read")
    with pytest.raises(EnvironmentLackError, match=r"has 3\.\d GiB of weights .* this machine has 2\.0 GiB"):
        capture(source, folder=tmp_path, task="text-classification", memory_limit=2 << 30)
