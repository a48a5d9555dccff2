from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge.errors import BundleError
from edge.manifest import Step
from edge.tasks.vectors import POOLING, VECTOR_STEPS, VectorPipeline

HIDDEN = ["last_hidden_state"]
RIGHT = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0]])


def tokens(batch: int = 3, sequence: int = 5, width: int = 8) -> NDArray[np.float32]:
    return np.random.default_rng(5).standard_normal((batch, sequence, width), dtype=np.float32)


def pooled(modes: list[str], mask: NDArray[Any], *more: Step) -> NDArray[np.float32]:
    pool = Step(kind="pool", options={"output": HIDDEN[0], "modes": modes})
    return VectorPipeline([pool, *more], HIDDEN)({HIDDEN[0]: tokens()}, {"attention_mask": mask})


@pytest.mark.parametrize("mask", [RIGHT, RIGHT[:, ::-1]], ids=["right", "left"])
@pytest.mark.parametrize("modes", [*([mode] for mode in POOLING), ["cls", "max", "mean"]], ids="-".join)
def test_pooling_equals_sentence_transformers(modes: list[str], mask: NDArray[np.int64]) -> None:
    import torch
    from sentence_transformers.sentence_transformer.modules.pooling import Pooling

    features = {"token_embeddings": torch.from_numpy(tokens()), "attention_mask": torch.from_numpy(mask.copy())}
    theirs = Pooling(8, pooling_mode=modes)(features)["sentence_embedding"].numpy()
    ours = pooled(modes, mask)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_padding_does_not_count() -> None:
    changed = tokens()
    changed[RIGHT == 0] = 1e6
    for mode in POOLING:
        pool = VectorPipeline([Step(kind="pool", options={"output": HIDDEN[0], "modes": [mode]})], HIDDEN)
        feeds = {"attention_mask": RIGHT}
        np.testing.assert_array_equal(pool({HIDDEN[0]: changed}, feeds), pool({HIDDEN[0]: tokens()}, feeds))


def test_pixels_are_tokens_where_there_are_channels() -> None:
    images = np.random.default_rng(0).standard_normal((2, 8, 3, 4), dtype=np.float32)
    pool = VectorPipeline([Step(kind="pool", options={"output": HIDDEN[0], "modes": ["mean"]})], HIDDEN)
    np.testing.assert_allclose(pool({HIDDEN[0]: images}, {}), images.mean(axis=(2, 3)), rtol=1e-5, atol=1e-6)


def test_select_flattens() -> None:
    select = VectorPipeline([Step(kind="select", options={"output": "pooled"})], ["pooled"])
    assert select({"pooled": np.ones((2, 8, 1, 1), np.float32)}, {}).shape == (2, 8)


@given(logits=st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=2, max_size=6))
@pytest.mark.parametrize("kind", ["softmax", "sigmoid"])
def test_scores_equal_torch_at_any_size(kind: str, logits: list[float]) -> None:
    import torch

    values = np.array([logits], np.float32)
    steps = [Step(kind="select", options={"output": "logits"}), Step(kind=kind, options={})]
    ours = VectorPipeline(steps, ["logits"])({"logits": values}, {})
    theirs = {"softmax": lambda x: torch.softmax(x, -1), "sigmoid": torch.sigmoid}[kind](torch.from_numpy(values))
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-5, atol=1e-7)


def test_vectors_get_length_one_and_zero_stays_zero() -> None:
    steps = [Step(kind="select", options={"output": "v"}), Step(kind="l2_normalise", options={})]
    made = VectorPipeline(steps, ["v"])({"v": np.array([[3, 4], [0, 0]], np.float32)}, {})
    np.testing.assert_allclose(made, np.array([[0.6, 0.8], [0.0, 0.0]]), rtol=1e-6)


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([], "begin with"),
        ([("softmax", {})], "begin with"),
        ([("select", {"output": "nothing"})], "lacks"),
        ([("select", {"output": "v"}), ("select", {"output": "v"})], "twice"),
        ([("pool", {"output": "v", "modes": ["median"]})], "median"),
        ([("pool", {"output": "v", "modes": []})], "none"),
        ([("select", {"output": "v", "axis": 1})], "'axis' is unknown"),
        ([("select", {})], "'output' is missing"),
        ([("select", {"output": "v"}), ("relu", {})], "'relu' is unknown"),
    ],
)
def test_steps_that_are_not_known_are_refused(steps: list[tuple[str, dict[str, Any]]], says: str) -> None:
    with pytest.raises(BundleError, match=says):
        VectorPipeline([Step(kind=kind, options=options) for kind, options in steps], ["v"])


def test_an_unknown_step_teaches_the_known_ones() -> None:
    with pytest.raises(BundleError) as caught:
        VectorPipeline([Step(kind="relu", options={})], ["v"])
    assert all(kind in caught.value.message for kind in VECTOR_STEPS)


@pytest.mark.parametrize("shape", [(3,), (3, 8), (3, 4, 8), (1, 5, 8), (1, 2, 3, 4, 5)])
def test_an_output_that_does_not_hold_the_tokens_is_refused(shape: tuple[int, ...]) -> None:
    pool = VectorPipeline([Step(kind="pool", options={"output": HIDDEN[0], "modes": ["mean"]})], HIDDEN)
    with pytest.raises(BundleError, match="does not hold the tokens"):
        pool({HIDDEN[0]: np.zeros(shape, np.float32)}, {"attention_mask": RIGHT})


def test_a_single_number_is_no_vector() -> None:
    select = VectorPipeline([Step(kind="select", options={"output": "v"})], ["v"])
    with pytest.raises(BundleError, match="one number"):
        select({"v": np.float32(1).reshape(())}, {})
