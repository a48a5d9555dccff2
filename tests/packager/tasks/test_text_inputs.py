from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from packager.tasks.plan import Axis, ModelFacts
from packager.tasks.text_inputs import TEXT

FEEDS = ("input_ids", "attention_mask", "token_type_ids")


@given(limit=st.integers(4, 600), vocabulary=st.integers(10, 500), seed=st.integers(0, 9))
def test_samples_fit_the_plan(limit: int, vocabulary: int, seed: int) -> None:
    facts = ModelFacts(sequence_limit=limit, vocabulary=vocabulary, pad_id=1, special_ids=(0, 2, 3), feeds=FEEDS)
    sequence = next(axis for axis in TEXT.inputs(facts)[0].axes if isinstance(axis, Axis) and axis.name == "sequence")
    calls = TEXT.samples(facts, TEXT.inputs(facts), np.random.default_rng(seed))
    assert {call["input_ids"].shape[0] for call in calls} == {1, 3}
    for call in calls:
        ids, mask, segments = (call[name] for name in FEEDS)
        assert ids.shape == mask.shape == segments.shape
        assert sequence.minimum <= ids.shape[1] <= sequence.maximum
        assert (ids[mask == 0] == 1).all()
        assert not np.isin(ids[mask == 1], (0, 1, 2, 3)).any()
        assert ids.min() >= 0
        assert ids.max() < vocabulary
        assert (mask[:, 0] == 1).all()
        assert set(np.unique(segments)) <= {0, 1}
    assert any((call["attention_mask"] == 0).any() for call in calls)


def test_every_text_ends_once_where_the_network_needs_an_end() -> None:
    facts = ModelFacts(sequence_limit=40, vocabulary=50, pad_id=1, end_id=7, feeds=FEEDS)
    for call in TEXT.samples(facts, TEXT.inputs(facts), np.random.default_rng(0)):
        ids, lengths = call["input_ids"], call["attention_mask"].sum(1)
        rows, places = np.nonzero(ids == 7)
        assert rows.tolist() == list(range(len(ids)))
        assert places.tolist() == (lengths - 1).tolist()


def test_without_a_mask_nothing_is_padded() -> None:
    facts = ModelFacts(sequence_limit=40, vocabulary=50, pad_id=0, feeds=("input_ids",))
    assert all(
        (call["input_ids"] != 0).all() for call in TEXT.samples(facts, TEXT.inputs(facts), np.random.default_rng(0))
    )
    assert TEXT.valid({"input_ids": np.ones((1, 4))}) is None
